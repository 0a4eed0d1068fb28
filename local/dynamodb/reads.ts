import { AwsError } from "../cloud/awsError";
import type { Request } from "./access";
import type { Expressed, Item, Value } from "./expression";
import { fulfils, keyConditionsIn } from "./keyConditions";
import { isLonger, mostBytes } from "./keySizes";
import { checkProjected } from "./projected";
import type { Index, KeyPart, Shape, Shapes } from "./shapes";

interface Read extends Request, Expressed {
  KeyConditionExpression?: unknown;
  ExclusiveStartKey?: Item;
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** What is wrong with a value as the part of a key, if anything. */
const flawOf = ({ attribute, part }: KeyPart, value: Value | undefined): string | undefined => {
  if (value?.S === "" || value?.B === "") {
    const kind = value.S === "" ? "string" : "binary";
    return `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${attribute}`;
  }
  if (!isLonger(value, mostBytes[part])) return undefined;
  return part === "HASH"
    ? `One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of${mostBytes.HASH} bytes`
    : `One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of ${mostBytes.RANGE} bytes`;
};

interface Place {
  table: Shape;
  /** Undefined where the table itself is read, or an index that is not there: the engine says so itself. */
  index: Index | undefined;
}

const checkStart = ({ table, index }: Place, request: Read): void => {
  const start = request.ExclusiveStartKey ?? {};
  for (const part of [...table.key, ...(index?.key ?? [])]) {
    const flaw = flawOf(part, start[part.attribute]);
    if (flaw) throw invalid(`The provided starting key is invalid: ${flaw}`);
  }
};

const checkConditions = ({ table, index }: Place, request: Read): void => {
  const { ExclusiveStartKey: start } = request;
  const parts = new Map((index ?? table).key.map((part) => [part.attribute, part]));
  for (const condition of keyConditionsIn(request)) {
    const part = parts.get(condition.attribute);
    if (!part) continue;
    for (const operand of condition.operands) {
      const flaw = flawOf(part, operand);
      if (flaw) throw invalid(flaw);
    }
    const value = start?.[part.attribute];
    if (!value || fulfils(value, condition)) continue;
    throw invalid(
      part.part === "HASH"
        ? "The provided starting key is outside query boundaries based on provided conditions"
        : "The provided starting key does not match the range key predicate",
    );
  }
};

type Check = (shapes: Shapes, request: Request) => Promise<void>;

const reading =
  (...checks: ((place: Place, request: Read) => void)[]): Check =>
  async (shapes, request) => {
    const table = await shapes.of(request.TableName ?? "");
    if (!table) return;
    const index = table.indexes.find(({ name }) => name === request.IndexName);
    for (const check of checks) check({ table, index }, request as Read);
  };

const checkAttributes = ({ index }: Place, request: Read): void => {
  if (index) checkProjected(index, request);
};

/** Refuses what the engine would read from, and AWS would not. */
export const readChecks: Readonly<Record<string, Check>> = {
  Query: reading(checkStart, checkConditions, checkAttributes),
  Scan: reading(checkStart, checkAttributes),
};
