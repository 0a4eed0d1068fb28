import type { Context } from "aws-lambda";
import * as v from "valibot";
import { classify } from "../aws/classify";
import { once } from "../aws/client";
import { slotOf } from "../effects/slot";
import { validate } from "../events/validate";
import { makeLogger } from "../observe/log";
import { countFailure, makeMeter, metricNames } from "../observe/metrics";
import { processRuntime, type Runtime } from "../runtime";
import { makeRun, type Run, runAbout } from "./run";

/** What a schedule's rule says when it fires: infra/schedule.ts writes it. */
const firingSchema = v.object({
  trigger: v.string(),
  time: v.pipe(v.string(), v.isoTimestamp("must be an ISO timestamp")),
});

/** Which of a function's schedules fired, and for which moment: the same again when the same firing is repeated. */
export type Firing = v.InferOutput<typeof firingSchema>;

/** A Lambda handler for a schedule. A failure is thrown, so that Lambda retries it and then keeps it in the dead letters. */
export const scheduled = <Result>(
  name: string,
  work: (run: Run, firing: Firing) => Promise<Result>,
  runtime: Runtime = processRuntime,
): ((event: unknown, context: Context) => Promise<Result>) => {
  const logger = once(() => makeLogger(name));
  const meter = once(() => makeMeter(name));
  return async (event, context) => {
    logger().addContext(context);
    let run = makeRun(runtime, logger(), meter(), context);
    const startedAt = runtime.now();
    run.meter.add(metricNames.events);
    try {
      const firing = validate(firingSchema, event, "event");
      // What follows from a run names its slot as its cause.
      run = runAbout(run, { correlationId: slotOf(name, firing) });
      const result = await work(run, firing);
      run.meter.add(metricNames.success);
      return result;
    } catch (error) {
      const failure = classify(error, "code");
      countFailure(failure, run.meter);
      run.log.error("the run failed", { error: failure });
      throw failure;
    } finally {
      run.meter.add(metricNames.duration, runtime.now() - startedAt);
      run.meter.flush((error) => run.log.warn("metrics were not written", { error }));
    }
  };
};
