import type { FunctionConfig } from "./contract";

type Status = "success" | "error" | "timeout";

export interface Finished {
  requestId: string;
  status: Status;
  errorType?: string;
  durationMs: number;
  billedMs: number;
  initMs?: number;
  maxMemoryMb: number;
}

const event = (now: number, type: string, record: Record<string, unknown>): string =>
  JSON.stringify({ time: new Date(now).toISOString(), type, record });

export const initStart = (now: number, { name }: FunctionConfig): string =>
  event(now, "platform.initStart", {
    initializationType: "on-demand",
    phase: "init",
    runtimeVersion: "nodejs:24",
    functionName: name,
    functionVersion: "$LATEST",
  });

export const start = (now: number, requestId: string): string =>
  event(now, "platform.start", { requestId, version: "$LATEST" });

const thousandths = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** What is written when an invocation is over. As by default on AWS, the end as such is told only if it was a bad one. */
export const finished = (now: number, { name, memoryMb }: Pick<FunctionConfig, "name" | "memoryMb">, end: Finished) => {
  const { requestId, status, errorType } = end;
  const outcome = { requestId, status, ...(errorType !== undefined && { errorType }) };
  const report = event(now, "platform.report", {
    ...outcome,
    functionName: name,
    metrics: {
      durationMs: thousandths(end.durationMs),
      billedDurationMs: end.billedMs,
      memorySizeMB: memoryMb,
      maxMemoryUsedMB: end.maxMemoryMb,
      ...(end.initMs !== undefined && { initDurationMs: thousandths(end.initMs) }),
    },
  });
  if (status === "success") return [report];
  const metrics = { durationMs: thousandths(end.durationMs) };
  return [event(now, "platform.runtimeDone", { ...outcome, metrics }), report];
};
