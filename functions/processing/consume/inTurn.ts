import { Failure } from "../failure";
import type { Run } from "./run";

/**
 * Handles the events of an invocation one after another: for work that would only get in its own way side by side. An
 * event whose turn comes with less than `neededMs` left is given back untouched.
 */
export const inTurn = <Event, Done>(
  neededMs: number,
  handle: (event: Event, run: Run) => Promise<Done>,
): ((event: Event, run: Run) => Promise<Done>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (event, run) => {
    const mine = last.then(() => {
      if (run.remainingMs() < neededMs) throw new Failure("unavailable", "no time left in this invocation");
      return handle(event, run);
    });
    last = mine.catch(() => undefined);
    return mine;
  };
};
