import type { Run } from "./run";

/**
 * Handles the events of one invocation together. Each is still received, counted and answered for by itself: those that
 * are refused never get here, and where the common effect fails, it fails for each of them.
 */
export const together = <Event>(
  handleAll: (events: readonly Event[], run: Run) => Promise<string>,
): ((event: Event, run: Run) => Promise<string>) => {
  let arrived: Event[] = [];
  let outcome: Promise<string> | undefined;
  return (event, run) => {
    arrived.push(event);
    // The events of a batch arrive in one go: once this turn is over, there are no more.
    outcome ??= Promise.resolve().then(() => {
      const events = arrived;
      arrived = [];
      outcome = undefined;
      return handleAll(events, run);
    });
    return outcome;
  };
};
