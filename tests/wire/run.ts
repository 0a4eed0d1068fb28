import { randomUUID } from "node:crypto";
import { makeRun, type Run } from "../../functions/processing/consume/run";
import { makeLogger } from "../../functions/processing/observe/log";
import type { Meter, MetricName } from "../../functions/processing/observe/metrics";
import type { Runtime } from "../../functions/processing/runtime";
import { context } from "./world";

export interface TestRun extends Run {
  counted: Partial<Record<MetricName, number>>;
  waits: number[];
}

/** A run at a fixed moment, with ids in order, that counts instead of writing metrics and never really waits. */
export const testRun = (now: number, over: Partial<Runtime> & { remainingMs?: number } = {}): TestRun => {
  const counted: TestRun["counted"] = {};
  const waits: number[] = [];
  let ids = 0;
  const meter: Meter = {
    add: (name, value = 1) => {
      counted[name] = (counted[name] ?? 0) + value;
    },
    flush: () => undefined,
  };
  const runtime: Runtime = {
    now: () => now,
    newId: () => `id-${++ids}`,
    random: () => 0.5,
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...over,
  };
  return { ...makeRun(runtime, makeLogger("test"), meter, context(over.remainingMs)), counted, waits };
};

/** A run that notes which calls were made in it. */
export const noting = (): { run: Run; calls: string[] } => {
  const calls: string[] = [];
  const run = testRun(0, { newId: randomUUID });
  return {
    calls,
    run: {
      ...run,
      call: (operation, origin, send) => {
        calls.push(operation);
        return run.call(operation, origin, send);
      },
    },
  };
};
