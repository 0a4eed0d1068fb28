import type { InvocationResult } from "./contract";
import { inWords, reportIn } from "./failures";

/** How the invocations of a function ended. */
export interface Health {
  succeeded: number;
  failed: number;
  /** Since one succeeded, or the function was changed. */
  failedInARow: number;
  /** What Lambda reported of the last that failed; undefined where none did. */
  lastError: string | undefined;
}

export const createHealth = () => {
  const health: Health = { succeeded: 0, failed: 0, failedInARow: 0, lastError: undefined };
  return {
    ended: (result: InvocationResult): void => {
      if (result.kind === "success") {
        health.succeeded++;
        health.failedInARow = 0;
      } else if (result.kind === "error") {
        health.failed++;
        health.failedInARow++;
        health.lastError = inWords(reportIn(result.payload));
      }
    },
    changed: (): void => {
      health.failedInARow = 0;
    },
    now: (): Health => ({ ...health }),
  };
};
