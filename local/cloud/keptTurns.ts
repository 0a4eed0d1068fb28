import type { Clock } from "./clock";
import type { Journal } from "./journal";

/** How far the clock was turned ahead of real time. */
export interface Turn {
  offset: number;
}

/**
 * Lets the clock go on where an earlier process left it: what is kept bears the times it was turned to, and would have to
 * wait for them otherwise.
 */
export const keepTurns = (clock: Clock, journal: Journal<Turn>): void =>
  clock.goOn(journal.read().at(-1)?.offset ?? 0, (offset) => journal.rewrite([{ offset }]));

const hourMs = 3_600_000;

/** For whoever starts over a clock that was turned before. */
export const turnedNotices = (clock: Clock): string[] => {
  const hours = clock.offset() / hourMs;
  const time = new Date(clock.now()).toISOString().slice(0, 16).replace("T", " ");
  return hours > 0 ? [`it is ${time} UTC here: an earlier run turned the clock, by ${hours.toFixed(2)} hours`] : [];
};
