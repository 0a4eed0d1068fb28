import type { Answer, Completed, FunctionConfig } from "./contract";
import { deathReport, reportIn, type Verdict } from "./failures";
import * as platformEvents from "./platformEvents";
import type { Exit } from "./process";

export interface Spent {
  requestId: string;
  durationMs: number;
  /** Undefined on a worker that was there already. */
  initMs: number | undefined;
  maxMemoryMb: number;
}

export const failed = (payload: Buffer): Answer => ({ kind: "error", functionError: "Unhandled", payload });

/** The answer in place of a process that can give none. */
export const deathAnswer = (exit: Exit, verdict: Verdict, requestId: string, timeoutMs: number): Answer =>
  failed(Buffer.from(JSON.stringify(deathReport(exit, verdict, requestId, timeoutMs))));

/** Lambda bills the loading of a function along with the invocation that waited for it. */
export const complete = (answer: Answer, { initMs, ...spent }: Spent): Completed => ({
  ...answer,
  ...spent,
  billedMs: Math.ceil(spent.durationMs + (initMs ?? 0)),
  ...(initMs !== undefined && { initMs }),
});

/** What the platform writes to the log about an invocation that is over. */
export const reportLines = (now: number, config: FunctionConfig, completed: Completed): string[] => {
  if (completed.kind === "success") return platformEvents.finished(now, config, { ...completed, status: "success" });
  const { errorType } = reportIn(completed.payload);
  const status = errorType === "Sandbox.Timedout" ? "timeout" : "error";
  return platformEvents.finished(now, config, { ...completed, status, errorType });
};
