import { canonical } from "../../../functions/processing/canonical";
import type { Image } from "../../../functions/processing/outbox/record";

type Row = Record<string, unknown>;

/** The tables whose rows the event store has images of. */
export const ledgerTables = ["accounts", "files", "transactions", "category-rules"] as const;
export type LedgerTable = (typeof ledgerTables)[number];

/** Rows in a form in which two states can be compared byte for byte. */
export const stateOf = (rows: Record<LedgerTable, readonly Row[]>): string[] =>
  ledgerTables.flatMap((table) => rows[table].map((row) => canonical([table, row]))).sort();

/** By row, all that the event store knows of it. */
export const historyOf = (events: readonly Row[]): Map<string, Image[]> => {
  const history = new Map<string, Image[]>();
  for (const image of events.flatMap((event) => (event["images"] ?? []) as Image[])) {
    const row = canonical([image.table, image.key]);
    history.set(row, [...(history.get(row) ?? []), image]);
  }
  return history;
};

/** Each change of a row raises its version by one: whatever is not among the images was not recorded. */
export const missingIn = (history: ReadonlyMap<string, readonly Image[]>): string[] =>
  [...history].flatMap(([row, images]) => {
    const versions = new Set(images.map(({ version }) => version));
    const last = Math.max(...versions);
    return Array.from({ length: last }, (_, at) => at + 1)
      .filter((version) => !versions.has(version))
      .map((version) => `version ${version} of ${row}`);
  });

/** Of each row the last image, as far as there is a row after it. */
export const lastOf = (history: ReadonlyMap<string, readonly Image[]>): { table: string; after: Row }[] =>
  [...history.values()].flatMap((images) => {
    const last = images.reduce((a, b) => (b.version > a.version ? b : a));
    return last.after ? [{ table: last.table, after: last.after }] : [];
  });
