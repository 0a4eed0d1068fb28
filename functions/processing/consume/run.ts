import type { Context } from "aws-lambda";
import { classify } from "../aws/classify";
import { causeOf, type Failure, type Origin } from "../failure";
import { type Log, logAbout } from "../observe/log";
import { type Meter, metricNames } from "../observe/metrics";
import { type RetryPolicy, retry } from "../retry";
import type { Runtime } from "../runtime";

/** What a handler works with while it handles one event. */
export interface Run extends Runtime {
  log: Log;
  meter: Meter;
  remainingMs: () => number;
  /** Of the invocation; the same again when Lambda retries an asynchronous one. */
  requestId: string;
  /** Calls a service: classified, retried within the time that is left, counted and logged. */
  call: <T>(operation: string, origin: Origin, send: () => Promise<T>, policy?: RetryPolicy) => Promise<T>;
}

/** Calls tell of themselves in the run's own log. */
const runIn = (around: Omit<Run, "log" | "call">, log: Log): Run => ({
  ...around,
  log,
  call: async (operation, origin, send, policy) => {
    const { meter, random, sleep, remainingMs } = around;
    meter.add(metricNames.operations);
    const startedAt = around.now();
    let tries = 1;
    try {
      const onRetry = (failure: Failure, attempt: number, delayMs: number): void => {
        tries++;
        meter.add(metricNames.retries);
        log.warn("retrying", { operation, attempt, delayMs, ...causeOf(failure) });
      };
      return await retry(send, (error) => classify(error, origin), { random, sleep, remainingMs, onRetry }, policy);
    } finally {
      log.debug("called", { operation, origin, tries, durationMs: around.now() - startedAt });
    }
  },
});

export const makeRun = (
  runtime: Runtime,
  log: Log,
  meter: Meter,
  context: Pick<Context, "getRemainingTimeInMillis" | "awsRequestId">,
): Run => {
  const remainingMs = () => context.getRemainingTimeInMillis();
  return runIn({ ...runtime, meter, remainingMs, requestId: context.awsRequestId }, log);
};

/** The same run, all of whose lines say what they are about. */
export const runAbout = (run: Run, about: Record<string, unknown>): Run => runIn(run, logAbout(run.log, about));
