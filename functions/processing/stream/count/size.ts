import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { digestBytes } from "./digest";

/**
 * Of an entry, once it has so many it takes no more. Half of what an item may have is far away: a day's entry that is nearly
 * full still has room for all that one of an hour's brings.
 */
export const mostBytes = 160_000;
/** Totals are written where they fit: what reads a log goes on to the entries before. */
export const mostBytesWithTotals = 240_000;

/** Figures of as many and as long values as there may be, in decimal. */
const figuresBytes = 300;
/** In the figures, with its users, and with its level and its estimate where a sample is kept. */
const timesNamed = 4;

/** How large an entry becomes, at most. */
export class EntrySize {
  private readonly names = new Set<string>();
  bytes = 0;

  get isFull(): boolean {
    return this.bytes >= mostBytes;
  }

  /** Digests of events or users, beside the measure that they belong to. */
  add(name: string, digests: number): void {
    this.bytes += digests * digestBytes;
    if (this.names.has(name)) return;
    this.names.add(name);
    this.bytes += timesNamed * name.length + figuresBytes;
  }
}

const numberBytes = 21;
const mapBytes = 3;

const valueBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.length;
  return value.M === undefined ? numberBytes : mapBytes + itemBytes(value.M);
};

/** As DynamoDB counts, or a little more. */
export const itemBytes = (item: Record<string, AttributeValue>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + 1 + Buffer.byteLength(name) + valueBytes(value), 0);
