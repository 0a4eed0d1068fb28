import { region } from "../../cloud/cloud";
import { isTooLarge, type Json, type JsonObject } from "../language/json";
import type { Scope } from "../language/path";
import { runtimeError, StateError, tooLarge } from "../language/stateError";
import type { Task } from "../language/states";
import { attempted } from "./attempts";
import { type Entered, numberOf, type Outcome } from "./entered";
import { Halted, inputOf, outputOf, type Strand, unlessHalted } from "./strand";

/** Events of a function that is the Resource itself, and those of every other integration. */
const family = ({ Resource }: Task) => (Resource.functionArn === undefined ? "Task" : "LambdaFunction");

const about = ({ Resource: { resource, resourceType, functionArn } }: Task): JsonObject =>
  functionArn === undefined ? { resource, resourceType } : {};

const scheduled = (task: Task, given: string, timeoutSeconds: number | undefined): JsonObject => {
  const { functionArn } = task.Resource;
  return {
    ...(functionArn === undefined
      ? { ...about(task), region, parameters: given }
      : { ...inputOf(given), resource: functionArn }),
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
  };
};

const timedOut = (): StateError => new StateError("States.Timeout");

/** The same, but failed once its time is over. */
const withinTime = async <T>(strand: Strand, seconds: number | undefined, work: Promise<T>): Promise<T> => {
  if (seconds === undefined) return unlessHalted(strand.signal, work);
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = strand.around.cloud.clock.after(seconds * 1_000, "work", () => reject(timedOut()));
  });
  return unlessHalted(strand.signal, Promise.race([work, late])).finally(() => cancel());
};

const failure = (task: Task, { error, reason }: StateError): JsonObject => ({
  error,
  ...(reason !== undefined && { cause: reason }),
  ...about(task),
});

/** A call that got no answer at all. */
const asStateError = (thrown: unknown): unknown => {
  if (thrown instanceof StateError || thrown instanceof Halted) return thrown;
  return runtimeError(thrown instanceof Error ? thrown.message : String(thrown));
};

const runOnce = async (task: Task, scope: Scope, { strand, name }: Entered): Promise<Json> => {
  const { Resource, Parameters } = task;
  const { around } = strand;
  const parameters = Parameters ? Parameters.of(scope, around.tools) : scope.input;
  const given = JSON.stringify(parameters);
  if (isTooLarge(given)) throw tooLarge(name);
  const timeoutSeconds = numberOf(task.TimeoutSeconds, task.TimeoutSecondsPath, scope, "TimeoutSecondsPath");
  strand.add(`${family(task)}Scheduled`, scheduled(task, given, timeoutSeconds));
  strand.add(`${family(task)}Started`, Resource.functionArn === undefined ? about(task) : undefined);
  const at = around.cloud.clock.now();
  const began = performance.now();
  const tell = (outcome: string) =>
    around.onTask({ state: name, at, durationMs: performance.now() - began, input: given, outcome });
  try {
    const call = Resource.call({ parameters, context: scope.context, send: around.send });
    const result = await withinTime(strand, timeoutSeconds, call);
    const output = JSON.stringify(result);
    if (isTooLarge(output)) throw tooLarge(Resource.functionArn ?? Resource.resourceType);
    strand.add(`${family(task)}Succeeded`, { ...outputOf(output), ...about(task) });
    tell("done");
    return result;
  } catch (thrown) {
    const error = asStateError(thrown);
    if (error instanceof StateError) {
      strand.add(`${family(task)}${error.error === "States.Timeout" ? "TimedOut" : "Failed"}`, failure(task, error));
      tell(error.error);
    }
    throw error;
  }
};

export const task = (state: Task, entered: Entered): Promise<Outcome> =>
  attempted(state, entered, (scope) => runOnce(state, scope, entered));
