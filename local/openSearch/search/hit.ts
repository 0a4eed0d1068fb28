import type { Document } from "../index/content";
import type { View } from "../query/query";

/** A document that a search found, before it is shown. */
export interface Hit {
  view: View;
  /** Of the index among those that were searched. */
  shard: number;
  ordinal: number;
  document: Document;
  score: number;
  /** What it is sorted by; without any it is sorted by its score. */
  keys: readonly SortKey[];
}

/** Undefined where the document has none. */
export type SortKey = string | number | undefined;

/** Among equals the one comes first that was there first. */
export const inOrder = (a: Hit, b: Hit): number => a.shard - b.shard || a.ordinal - b.ordinal;
