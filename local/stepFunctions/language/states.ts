import * as v from "valibot";
import { integrationOf } from "../tasks/integrations";
import { compileCondition } from "./choice";
import { catches, retry } from "./errorRules";
import { compiled, compiledJson, nullable, optionalComment, path, referencePath, template } from "./fields";
import { isObject, type Json } from "./json";
import { compileExpression, compileTemplate } from "./template";
import { timestamp } from "./timestamp";

const described = { Comment: optionalComment, QueryLanguage: v.exactOptional(v.literal("JSONPath")) };
const filtered = { ...described, InputPath: nullable(path), OutputPath: nullable(path) };
const followed = { ...filtered, Next: v.exactOptional(v.string()), End: v.exactOptional(v.boolean()) };
const placed = { ...followed, ResultPath: nullable(referencePath) };
/** Of states that run something, which may fail. */
const attempted = { ...placed, ResultSelector: template, Retry: retry, Catch: catches };

const seconds = v.pipe(v.number(), v.integer("must be a whole number"), v.maxValue(99_999_999));
const expression = (field: string) => v.exactOptional(compiled((text) => compileExpression(text, field)));

const pass = v.strictObject({
  Type: v.literal("Pass"),
  ...placed,
  Result: v.exactOptional(v.custom<Json>(() => true)),
  Parameters: template,
});

/** With the names of its fields, which a Resource takes or does not. */
const taskParameters = compiledJson((given) => ({
  fields: isObject(given) ? Object.keys(given).map((name) => name.replace(/\.\$$/, "")) : [],
  of: compileTemplate(given),
}));

const task = v.strictObject({
  Type: v.literal("Task"),
  ...attempted,
  Resource: compiled(integrationOf),
  Parameters: v.exactOptional(taskParameters),
  TimeoutSeconds: v.exactOptional(v.pipe(seconds, v.minValue(1, "Minimum value is 1"))),
  TimeoutSecondsPath: v.exactOptional(path),
});

const choiceRule = compiledJson((rule) => {
  if (!isObject(rule)) throw new Error("a choice rule is an object");
  const { Next, ...condition } = rule;
  if (typeof Next !== "string") throw new Error("These fields are required: [Next]");
  return { Next, holds: compileCondition(condition) };
});

const choice = v.strictObject({
  Type: v.literal("Choice"),
  ...filtered,
  Choices: v.pipe(v.array(choiceRule), v.minLength(1, "a Choice state needs a rule")),
  Default: v.exactOptional(v.string()),
});

const wait = v.strictObject({
  Type: v.literal("Wait"),
  ...followed,
  Seconds: v.exactOptional(v.pipe(seconds, v.minValue(0, "Minimum value is 0"))),
  SecondsPath: v.exactOptional(path),
  Timestamp: v.exactOptional(
    v.pipe(
      v.string(),
      v.check((text) => timestamp(text) !== undefined, "this is no timestamp"),
    ),
  ),
  TimestampPath: v.exactOptional(path),
});

const succeed = v.strictObject({ Type: v.literal("Succeed"), ...filtered });

const fail = v.strictObject({
  Type: v.literal("Fail"),
  ...described,
  Error: v.exactOptional(v.string()),
  ErrorPath: expression("ErrorPath"),
  Cause: v.exactOptional(v.string()),
  CausePath: expression("CausePath"),
});

/** States, and which of them is the first: a whole machine, a branch, or what is done with each item. */
export interface States {
  StartAt: string;
  States: Record<string, State>;
}

const flow = {
  Comment: optionalComment,
  StartAt: v.string(),
  States: v.lazy((): v.GenericSchema<unknown, Record<string, State>> => v.record(v.string(), state)),
};

const branch: v.GenericSchema<unknown, States> = v.strictObject(flow);

const itemProcessor: v.GenericSchema<unknown, States> = v.strictObject({
  ...flow,
  ProcessorConfig: v.exactOptional(v.strictObject({ Mode: v.literal("INLINE") })),
});

const map = v.strictObject({
  Type: v.literal("Map"),
  ...attempted,
  ItemsPath: v.exactOptional(path),
  ItemSelector: template,
  ItemProcessor: itemProcessor,
  MaxConcurrency: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0, "Minimum value is 0"))),
  MaxConcurrencyPath: v.exactOptional(path),
});

const parallel = v.strictObject({
  Type: v.literal("Parallel"),
  ...attempted,
  Parameters: template,
  Branches: v.pipe(v.array(branch), v.minLength(1, "a Parallel state needs a branch")),
});

export const state: v.GenericSchema<unknown, State> = v.variant("Type", [
  pass,
  task,
  choice,
  wait,
  succeed,
  fail,
  map,
  parallel,
]);

export const machine = v.strictObject({
  ...flow,
  Version: v.exactOptional(v.literal("1.0")),
  QueryLanguage: v.exactOptional(v.literal("JSONPath")),
  TimeoutSeconds: v.exactOptional(v.pipe(seconds, v.minValue(1, "Minimum value is 1"))),
});

export type Machine = v.InferOutput<typeof machine>;
export type Pass = v.InferOutput<typeof pass>;
export type Task = v.InferOutput<typeof task>;
export type Choice = v.InferOutput<typeof choice>;
export type Wait = v.InferOutput<typeof wait>;
export type Succeed = v.InferOutput<typeof succeed>;
export type Fail = v.InferOutput<typeof fail>;
export type MapState = v.InferOutput<typeof map>;
export type Parallel = v.InferOutput<typeof parallel>;
export type State = Pass | Task | Choice | Wait | Succeed | Fail | MapState | Parallel;
export type Attempted = Task | MapState | Parallel;
