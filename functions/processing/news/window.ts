import type { Run } from "../consume/run";
import { readWatermark, type Watermark } from "../watermark";

export const newsSyncName = "news";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Articles reach the provider's list some time after they were published. */
const overlapMs = 2 * hourMs;
const firstLookBackMs = 24 * hourMs;

/** From when on to ask the provider for news, in epoch milliseconds. */
export const newsFrom = async (run: Run): Promise<number> => {
  const mark = await readWatermark(newsSyncName, run);
  if (!mark) return run.now() - firstLookBackMs;
  // An answer that was cut off is continued: the overlap alone might fill the next one.
  return mark.caughtUp ? mark.at - overlapMs : mark.at;
};

export interface Asked {
  /** What was asked for, in epoch milliseconds and articles. */
  from: number;
  limit: number;
  askedAt: number;
}

/** The moments between which an answer's articles were published. */
export interface Span {
  first: number;
  last: number;
}

/**
 * How far an answer brings us: to the moment of asking, or, where the provider had more than it gives at once, to the last
 * article that it gave. The provider must be asked for the earliest first.
 */
export const reached = ({ from, limit, askedAt }: Asked, given: number, { first, last }: Span): Watermark => {
  if (given < limit) return { at: askedAt, caughtUp: true };
  // The provider is asked by the minute: one that fills an answer by itself must not be asked for ever.
  const stuck = first > from - minuteMs && last < from + minuteMs;
  return { at: Math.min(stuck ? from + minuteMs : last, askedAt), caughtUp: false };
};
