import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { digestBytes } from "./digest";
import { type FiguresByName, packFigures, unpackFigures } from "./figures";

/**
 * What one batch adds to a window. The entries of a window make a log: each has the next number, which only one writer
 * can take, so that whoever has read as far as the last one knows everything that was counted.
 */
export interface Entry {
  /** Digests of the ids of the events, one after another. */
  ids: Uint8Array;
  /** Of each measure: digests of the users who had not been counted in this window before. */
  users: Map<string, Uint8Array>;
  /** Of which sample those are, and all before them, where not every user is kept: each stands for `2 ** level`. */
  levels: Map<string, number>;
  figures: FiguresByName;
  /** Of a day: how many entries of each of its hours are in it, this one included. */
  folded: Map<string, number>;
}

/** Every so many entries, one tells the figures of the whole window too, where they fit: nobody has to read further back. */
export const totalsEvery = 16;

/** The figures of the window up to and with an entry, and how many users each measure has. */
export interface Totals {
  figures: FiguresByName;
  users: Map<string, number>;
}

export interface NumberedEntry extends Entry {
  number: number;
  /** How many users the window has with this entry, by each measure of which a sample is kept. */
  estimates: Map<string, number>;
  totals: Totals | undefined;
}

const numberDigits = 12;

export const sortKeyOf = (number: number): string => String(number).padStart(numberDigits, "0");

export const entryKey = (partition: string, number: number) => ({
  partition_key: partition,
  sort_key: sortKeyOf(number),
});

export const numberOf = (item: Record<string, unknown>): number => Number(item["sort_key"]);

const number = (value: number): AttributeValue => ({ N: String(value) });
const binary = (value: Uint8Array): AttributeValue => ({ B: value });

const map = <Value>(values: Map<string, Value>, form: (value: Value) => AttributeValue): AttributeValue => ({
  M: Object.fromEntries(Array.from(values, ([name, value]) => [name, form(value)])),
});

/** As DynamoDB takes it. */
export const toItem = (
  partition: string,
  { number: at, ids, users, levels, estimates, figures, folded, totals }: NumberedEntry,
  expiresAt: number | undefined,
): Record<string, AttributeValue> => ({
  partition_key: { S: partition },
  sort_key: { S: sortKeyOf(at) },
  figures: { S: packFigures(figures) },
  ...(ids.length > 0 && { ids: binary(ids) }),
  ...(users.size > 0 && { users: map(users, binary) }),
  ...(levels.size > 0 && { levels: map(levels, number) }),
  ...(estimates.size > 0 && { estimated_users: map(estimates, number) }),
  ...(folded.size > 0 && { folded: map(folded, number) }),
  ...(totals && { totals: { S: packFigures(totals.figures) }, total_users: map(totals.users, number) }),
  ...(expiresAt !== undefined && { expires_at: number(expiresAt) }),
});

const mapIn = <Value>(item: Record<string, unknown>, name: string): Map<string, Value> =>
  new Map(Object.entries((item[name] ?? {}) as Record<string, Value>));

export const fromItem = (item: Record<string, unknown>): NumberedEntry => ({
  number: numberOf(item),
  ids: (item["ids"] ?? new Uint8Array()) as Uint8Array,
  users: mapIn(item, "users"),
  levels: mapIn(item, "levels"),
  estimates: mapIn(item, "estimated_users"),
  figures: unpackFigures(String(item["figures"])),
  folded: mapIn(item, "folded"),
  totals:
    item["totals"] === undefined
      ? undefined
      : { figures: unpackFigures(String(item["totals"])), users: mapIn(item, "total_users") },
});

export const usersIn = (digests: Uint8Array): number => digests.length / digestBytes;
