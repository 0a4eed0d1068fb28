import type { Context } from "aws-lambda";
import { classify } from "../aws/classify";
import { once } from "../aws/client";
import { errorKind } from "../failure";
import { makeLogger } from "../observe/log";
import { makeMeter, metricNames } from "../observe/metrics";
import { processRuntime, type Runtime } from "../runtime";
import { makeRun, type Run } from "./run";

/** A Lambda handler for a schedule. A failure is thrown, so that Lambda retries it and then keeps it in the dead letters. */
export const scheduled = <Result>(
  name: string,
  work: (run: Run) => Promise<Result>,
  runtime: Runtime = processRuntime,
): ((event: unknown, context: Context) => Promise<Result>) => {
  const logger = once(() => makeLogger(name));
  const meter = once(() => makeMeter(name));
  return async (_event, context) => {
    logger().addContext(context);
    const run = makeRun(runtime, logger(), meter(), context);
    const startedAt = runtime.now();
    run.meter.add(metricNames.events);
    try {
      const result = await work(run);
      run.meter.add(metricNames.success);
      return result;
    } catch (error) {
      const failure = classify(error, "code");
      run.meter.add(metricNames.failure);
      run.meter.add(metricNames[`error${errorKind(failure)}`]);
      run.log.error("the run failed", { category: failure.category, error: failure });
      throw failure;
    } finally {
      run.meter.add(metricNames.duration, runtime.now() - startedAt);
      run.meter.flush((error) => run.log.warn("metrics were not written", { error }));
    }
  };
};
