import { AwsError } from "../cloud/awsError";
import { type Expressed, type Item, nameFor, tokensIn, type Value, valueFor } from "./expression";
import type { KeyPart, Shape } from "./shapes";

export const mostBytes: Readonly<Record<KeyPart["part"], number>> = { HASH: 2_048, RANGE: 1_024 };

const textIn = (value: Value | undefined): string => {
  const text = value?.S ?? value?.B;
  return typeof text === "string" ? text : "";
};

const bytesIn = (value: Value | undefined): number =>
  Buffer.byteLength(textIn(value), value?.S === undefined ? "base64" : "utf8");

/** Most values are so short that their bytes need not be counted. */
export const isLonger = (value: Value | undefined, most: number): boolean =>
  textIn(value).length * 3 > most && bytesIn(value) > most;

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** Refuses an item with a key of an index that is too long. The table's own key the engine checks. */
export const checkItem = ({ indexes }: Shape, item: Item | undefined): void => {
  for (const { name, key } of indexes) {
    for (const { attribute, part } of key) {
      const value = item?.[attribute];
      if (!isLonger(value, mostBytes[part])) continue;
      throw invalid(
        `One or more parameter values were invalid: Size limit exceeded for Index Key ${attribute} Actual Size: ${bytesIn(value)} bytes Max Size: ${mostBytes[part]} bytes IndexName: ${name}`,
      );
    }
  }
};

export interface Update extends Expressed {
  UpdateExpression?: unknown;
}

/** What attributes are set to, as far as the request itself brings it: `a = :v` and `a = if_not_exists(b, :v)`. */
const assignedBy = (update: Update): Item => {
  const tokens = tokensIn(update.UpdateExpression);
  const assigned: Item = {};
  for (const [at, token] of tokens.entries()) {
    if (token !== "=") continue;
    const [path = "", operand = ""] = [tokens[at - 1], tokens[at + 1]];
    const isWhole = tokens[at - 2] === "," || tokens[at - 2]?.toUpperCase() === "SET";
    const last = operand === "if_not_exists" ? tokens[tokens.indexOf(")", at) - 1] : operand;
    const value = valueFor(update, last);
    if (isWhole && value) assigned[nameFor(update, path)] = value;
  }
  return assigned;
};

/** Refuses an update that makes the key of an index too long. */
export const checkUpdate = ({ indexes }: Shape, update: Update): void => {
  const values = Object.values(update.ExpressionAttributeValues ?? {});
  if (!values.some((value) => isLonger(value, mostBytes.RANGE))) return;
  const assigned = assignedBy(update);
  for (const { attribute, part } of indexes.flatMap(({ key }) => key)) {
    if (!isLonger(assigned[attribute], mostBytes[part])) continue;
    throw invalid("The update expression attempted to update the secondary index key beyond allowed size limits.");
  }
};
