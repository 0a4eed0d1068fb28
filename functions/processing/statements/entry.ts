import type { BadLine, Entry } from "./statement";

/** A line of a file before it is known how many like it came before. */
export type Booking = Omit<Entry, "occurrence">;

export type ReadLine = { entry: Booking } | { bad: BadLine } | "remark";
