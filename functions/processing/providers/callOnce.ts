import { closeDay, type Reservation } from "../budget/calls";
import type { Run } from "../consume/run";
import { causeOf, Failure } from "../failure";
import { askKeeping, keptRaw } from "../raw/keep";
import type { Answer } from "./answer";
import { ProviderFailure } from "./problem";

export type Called = { called: true; answer: Answer } | { called: false; why: string };

export interface Call {
  /** Where the answer is kept; what was kept there by an earlier try is not asked for again. */
  rawKey: string;
  reserve: () => Promise<Reservation>;
  fetch: () => Promise<Answer>;
  /** A later run asks for all that this one would have: to come too late is no failure. */
  madeUpForLater?: boolean;
}

const tries = 3;
const pauseMs = 2_000;

/** Lambda's next try of the invocation comes a minute later, or two. */
const tooLate = () =>
  new Failure("throttled", "the call's turn comes too late for this invocation", { origin: "provider" });

const leftToLater: Called = { called: false, why: "its turn comes too late for this invocation" };

type Granted = Reservation & { granted: true };

/** Waits for the call's turn. False where that comes too late for this invocation. */
const turn = async ({ waitMs, giveBack }: Granted, run: Run): Promise<boolean> => {
  if (waitMs > run.remainingMs() / 2) {
    await giveBack();
    return false;
  }
  await run.sleep(waitMs);
  return true;
};

/** Settles with the budget for a call that brought no answer. */
const settle = async (reservation: Granted, failure: ProviderFailure | undefined, run: Run): Promise<void> => {
  const { giveBack, passOn, pauseUntil } = reservation;
  if (failure?.retryAt !== undefined) await pauseUntil(failure.retryAt);
  if (failure?.neverMade) await giveBack();
  else if (failure?.problem === "spent") await closeDay(run);
  else await passOn();
};

/**
 * One answer of a provider for a sync: paid from the budget, at its turn, and kept. A burst limit is waited for, each try
 * paid anew; a budget that is spent is no failure, unless it is spent on tries that failed.
 */
export const callOnce = async ({ rawKey, reserve, fetch, madeUpForLater = false }: Call, run: Run): Promise<Called> => {
  const kept = await keptRaw(rawKey, run);
  if (kept) return { called: true, answer: kept };
  let before: ProviderFailure | undefined;
  for (let attempt = 1; ; attempt++) {
    const reservation = await reserve();
    if (!reservation.granted) {
      if (before) throw before;
      return { called: false, why: `no call left for this until ${new Date(reservation.until).toISOString()}` };
    }
    if (!(await turn(reservation, run))) {
      if (madeUpForLater && !before) return leftToLater;
      throw before ?? tooLate();
    }
    try {
      return { called: true, answer: await askKeeping(rawKey, fetch, run) };
    } catch (error) {
      const failure = error instanceof ProviderFailure ? error : undefined;
      await settle(reservation, failure, run);
      if (failure?.problem === "spent") return { called: false, why: "the provider has no call left today" };
      if (failure?.problem !== "burst" || attempt === tries) throw error;
      const pause = failure.pauseMs(pauseMs, run.now());
      if (pause > run.remainingMs() / 2) throw error;
      run.log.warn("the provider wants a pause", { attempt, pauseMs: pause, ...causeOf(failure) });
      await run.sleep(pause);
      before = failure;
    }
  }
};
