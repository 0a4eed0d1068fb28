import type { Context } from "aws-lambda";
import { classify } from "../aws/classify";
import { once } from "../aws/client";
import { makeRun, type Run, runAbout } from "../consume/run";
import { type Failure, treatment } from "../failure";
import { makeLogger } from "../observe/log";
import { countFailure, makeMeter, metricNames } from "../observe/metrics";
import { redactText } from "../redact";
import { processRuntime, type Runtime } from "../runtime";
import { permanentError, transientError } from "./errors";

/** What a workflow step throws: the state machine sees its name and its message, and no more. */
class StepError extends Error {
  constructor(failure: Failure) {
    super(redactText(failure.message));
    this.name = treatment[failure.category].end === "redeliver" ? transientError : permanentError;
  }
}

export interface StepDefinition<Input, Output> {
  name: string;
  /** Checks what the state machine hands over. */
  parse: (input: unknown) => Input;
  /** What the step is about, for its log lines. */
  about: (input: Input) => Record<string, unknown>;
  work: (input: Input, run: Run) => Promise<Output>;
}

/** A Lambda handler for one step of a state machine, which has its effect once however often it is called. */
export const step = <Input, Output>(
  definition: StepDefinition<Input, Output>,
  runtime: Runtime = processRuntime,
): ((input: unknown, context: Context) => Promise<Output>) => {
  const logger = once(() => makeLogger(definition.name));
  const meter = once(() => makeMeter(definition.name));
  return async (raw, context) => {
    logger().addContext(context);
    let run = makeRun(runtime, logger(), meter(), context);
    const startedAt = runtime.now();
    run.meter.add(metricNames.events);
    try {
      const input = definition.parse(raw);
      run = runAbout(run, definition.about(input));
      const output = await definition.work(input, run);
      run.meter.add(metricNames.success);
      run.log.info("done", { durationMs: runtime.now() - startedAt });
      return output;
    } catch (error) {
      const failure = classify(error, "code");
      countFailure(failure, run.meter);
      run.log.error("the step failed", { error: failure });
      throw new StepError(failure);
    } finally {
      run.meter.add(metricNames.duration, runtime.now() - startedAt);
      run.meter.flush((error) => run.log.warn("metrics were not written", { error }));
    }
  };
};
