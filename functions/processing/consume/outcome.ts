import type { Failure } from "../failure";

/** The work failed, and what follows from that is in place already: the event is acknowledged, and counted as failed. */
export interface Settled {
  said: string;
  failure: Failure;
}

/** What came of an event, in a word. */
export type Outcome = string | Settled;

export const wordOf = (outcome: Outcome): string => (typeof outcome === "string" ? outcome : outcome.said);
