import type { Cloud } from "../cloud/cloud";
import type { Watcher } from "./execution";

const billedMs = 100;
const billedMb = 64;

/** AWS bills express executions by steps of time, and by memory: the least of it, which a small workflow takes. */
export const expressBill = (durationMs: number): { billedDurationMs: number; memoryMb: number } => ({
  billedDurationMs: Math.max(1, Math.ceil(durationMs / billedMs)) * billedMs,
  memoryMb: billedMb,
});

/** Express executions are paid for by their number, time and memory; others by their steps, as those are taken. */
export const expressBills = (cloud: Cloud): Watcher => ({
  started: (_, { type }) => {
    if (type === "EXPRESS") cloud.meter.add("stepfunctions express request");
  },
  ended: ({ startedAt }, { type }, { stoppedAt }) => {
    if (type !== "EXPRESS") return;
    const { billedDurationMs, memoryMb } = expressBill(stoppedAt - startedAt);
    cloud.meter.add("stepfunctions express GB-second", (billedDurationMs / 1_000) * (memoryMb / 1_024));
  },
});
