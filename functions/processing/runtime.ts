import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** Everything that is not a pure function of its input. Tests bring their own. */
export interface Runtime {
  now: () => number;
  newId: () => string;
  random: () => number;
  sleep: (ms: number) => Promise<void>;
}

export const processRuntime: Runtime = {
  now: Date.now,
  newId: randomUUID,
  random: Math.random,
  sleep: (ms) => sleep(ms),
};
