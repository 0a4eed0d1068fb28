import type { differences } from "../events/shadowDifference";

/** Since when, and until when, changes of these kinds that an owner made to the books would explain a difference. */
export interface Explained {
  from: number;
  to: number;
  by: readonly string[];
  /** Figures of the two paths: a change of which both had heard when these were read explains nothing. */
  unlessHeard?: readonly Reading[];
}

/** Where a path keeps its figures, and when it read what they are computed from. */
export interface Reading {
  kept: string;
  readAt: string;
}

/** What the two paths did not make alike of an event. */
export interface Finding {
  consumer: string;
  difference: (typeof differences)[number];
  told: string;
  /** Nothing does where there is none. */
  explained?: Explained;
}

/** The event as both paths were given it. */
export interface Compared {
  eventId: string;
  eventType: string;
  owner: string;
  correlationId: string;
  /** In milliseconds. */
  occurredAt: number;
  publishedAt: number;
}
