import type { Context } from "aws-lambda";
import { classify } from "../aws/classify";
import type { Origin } from "../failure";
import type { Log } from "../observe/log";
import { type Meter, metricNames } from "../observe/metrics";
import { retry } from "../retry";
import type { Runtime } from "../runtime";

/** What a handler works with while it handles one event. */
export interface Run extends Runtime {
  log: Log;
  meter: Meter;
  remainingMs: () => number;
  /** Of the invocation; the same again when Lambda retries an asynchronous one. */
  requestId: string;
  /** Calls a service: classified, retried within the time that is left, counted and logged. */
  call: <T>(operation: string, origin: Origin, send: () => Promise<T>) => Promise<T>;
}

export const makeRun = (
  runtime: Runtime,
  log: Log,
  meter: Meter,
  context: Pick<Context, "getRemainingTimeInMillis" | "awsRequestId">,
): Run => {
  const remainingMs = () => context.getRemainingTimeInMillis();
  return {
    ...runtime,
    log,
    meter,
    remainingMs,
    requestId: context.awsRequestId,
    call: (operation, origin, send) => {
      meter.add(metricNames.operations);
      return retry(send, (error) => classify(error, origin), {
        random: runtime.random,
        sleep: runtime.sleep,
        remainingMs,
        onRetry: (failure, attempt, delayMs) => {
          meter.add(metricNames.retries);
          log.warn("retrying", { operation, attempt, delayMs, category: failure.category, reason: failure.message });
        },
      });
    },
  };
};
