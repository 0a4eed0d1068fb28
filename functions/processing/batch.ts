import { classify } from "./aws/classify";
import type { Run } from "./consume/run";
import { Failure } from "./failure";
import { reserveMs } from "./retry";

export interface BatchResult {
  total: number;
  succeeded: number;
  failed: number;
  /** In the order of the items. */
  errors: { id: string; error: Failure }[];
}

/** Does the work of each item, at most `size` at a time. One that fails does not hold up the others. */
export const inBatches = async <Item>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => Promise<unknown>,
  idOf: (item: Item) => string = String,
): Promise<BatchResult> => {
  if (!Number.isInteger(size) || size < 1) {
    throw new Failure("validation", "size must be a whole number, at least 1", { field: "size" });
  }
  const failures: (Failure | undefined)[] = [];
  const waiting = items.entries();
  const takeTurns = async (): Promise<void> => {
    for (const [at, item] of waiting) {
      try {
        await work(item);
      } catch (error) {
        failures[at] = classify(error, "code");
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(size, items.length) }, takeTurns));
  const errors = items.flatMap((item, at) => (failures[at] ? [{ id: idOf(item), error: failures[at] }] : []));
  return { total: items.length, succeeded: items.length - errors.length, failed: errors.length, errors };
};

/** One failure for all that went wrong, where anything did. A missing permission outweighs the rest: it is never passed over. */
export const throwIfFailed = ({ total, failed, errors }: BatchResult, what: string): void => {
  const told = errors.find(({ error }) => error.category === "denied") ?? errors[0];
  if (!told) return;
  const { id, error } = told;
  throw new Failure(error.category, `${failed} of ${total} ${what} failed, ${id}: ${error.message}`, {
    origin: error.origin,
    cause: error,
  });
};

/** Begins nothing that this invocation would have no time to report: the next one goes on from here. */
export const requireTime = (run: Pick<Run, "remainingMs">): void => {
  if (run.remainingMs() < reserveMs) throw new Failure("unavailable", "no time left in this invocation");
};
