/** A stretch of time cut into equal periods, the oldest first. */
export interface Frame {
  /** Epoch milliseconds at which the first period begins. */
  start: number;
  /** Seconds. */
  period: number;
  length: number;
}

/** One value for each period of a frame; undefined where there is no data point. */
export type Series = readonly (number | undefined)[];

export const emptySeries = (frame: Frame): Series => new Array<undefined>(frame.length).fill(undefined);
