import { type EventEnvelope, isoSeconds } from "./envelope";
import { invalidRequest } from "./errors";
import { isJson } from "./input/json";
import { parseJsonPath, type Read } from "./input/jsonPath";
import { type Part, parseTemplate, type Template } from "./input/template";

/** What a target says about its input, as PutTargets takes it. */
export interface TargetInput {
  readonly Id: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

/** What a delivery knows besides the event. */
export interface Delivery {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** When the bus took the event, in epoch ms. */
  readonly ingestedAt: number;
}

/** Makes the text that the target receives. */
export type InputOf = (event: EventEnvelope, delivery: Delivery) => string;

type Variable = (event: EventEnvelope, delivery: Delivery) => unknown;

const withoutDetail = ({ detail: _, ...rest }: EventEnvelope): object => rest;

const whole: ReadonlyMap<string, Variable> = new Map<string, Variable>([
  ["aws.events.event", (event) => withoutDetail(event)],
  ["aws.events.event.json", (event) => event],
]);

const reserved: ReadonlyMap<string, Variable> = new Map<string, Variable>([
  ...whole,
  ["aws.events.rule-arn", (_, { ruleArn }) => ruleArn],
  ["aws.events.rule-name", (_, { ruleName }) => ruleName],
  ["aws.events.event.ingestion-time", (_, { ingestedAt }) => isoSeconds(ingestedAt)],
]);

const limits = { variables: 100, pathLength: 256, templateLength: 8192 };

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const readPath = (path: string, id: string): Read => {
  if (path.length > limits.pathLength) {
    throw invalidRequest(`JSONPath for target ${id} is longer than ${limits.pathLength} characters.`);
  }
  try {
    return parseJsonPath(path);
  } catch (error) {
    throw invalidRequest(`Invalid InputPath for target ${id} : ${reason(error)}.`);
  }
};

const readVariables = (paths: Readonly<Record<string, string>>, id: string): Map<string, Variable> => {
  const entries = Object.entries(paths);
  if (entries.length > limits.variables) {
    throw invalidRequest(`InputPathsMap for target ${id} has more than ${limits.variables} entries.`);
  }
  return new Map(
    entries.map(([name, path]) => {
      if (!/^(?!aws)[\w-]{1,256}$/i.test(name)) {
        throw invalidRequest(`InputPathsMap for target ${id} has ${name}, which is no name for a variable.`);
      }
      return [name, readPath(path, id)];
    }),
  );
};

/** In quotes nothing is escaped; AWS only takes the quotes out of objects and arrays. */
const inQuotes = (value: unknown): string => {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
};

/** AWS puts an empty string where the event has no such value. */
const asJson = (value: unknown): string => JSON.stringify(value === undefined ? "" : value);

const readTemplate = (template: string, refuse: (why: string) => Error): Template => {
  if (template.length > limits.templateLength) throw refuse(`it is longer than ${limits.templateLength} characters`);
  try {
    return parseTemplate(template);
  } catch (error) {
    throw refuse(reason(error));
  }
};

const compileTransformer = (
  id: string,
  { InputPathsMap = {}, InputTemplate }: NonNullable<TargetInput["InputTransformer"]>,
): InputOf => {
  const refuse = (why: string): Error => invalidRequest(`Invalid InputTemplate for target ${id} : ${why}.`);
  const variables = new Map([...readVariables(InputPathsMap, id), ...reserved]);
  const template = readTemplate(InputTemplate, refuse);
  const fill = (part: Part): ((...context: Parameters<Variable>) => string) => {
    if (typeof part === "string") return () => part;
    const variable = variables.get(part.variable);
    if (!variable) {
      throw invalidRequest(`InputTemplate for target ${id} contains invalid placeholder ${part.variable}.`);
    }
    if (!part.quoted) return (...context) => asJson(variable(...context));
    if (whole.has(part.variable)) throw refuse(`<${part.variable}> is an object and cannot stand in quotes`);
    return (...context) => inQuotes(variable(...context));
  };
  const fills = template.parts.map(fill);
  return (event, delivery) => {
    const text = fills.map((one) => one(event, delivery)).join("");
    if (template.kind === "text") return text;
    try {
      return JSON.stringify(JSON.parse(text));
    } catch {
      throw new Error(`The input of target ${id} is not JSON: a value put in quotes is not escaped. ${text}`);
    }
  };
};

/** Reads a target's input settings once. Throws what PutTargets answers to wrong ones. */
export const compileInput = ({ Id, Input, InputPath, InputTransformer }: TargetInput): InputOf => {
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1) {
    throw invalidRequest(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined) {
    if (!isJson(Input)) throw invalidRequest(`JSON syntax error in input for target ${Id}.`);
    return () => Input;
  }
  if (InputPath !== undefined) {
    const read = readPath(InputPath, Id);
    return (event) => JSON.stringify(read(event) ?? null);
  }
  if (InputTransformer) return compileTransformer(Id, InputTransformer);
  return (event) => JSON.stringify(event);
};
