import type { CalendarRow } from "../providers/rows";
import { type CalendarEntry, calendarKey, type EntryChange } from "./calendar";

/** What a provider's row comes to. `older`: what is known is younger than the row. */
export type RowOutcome = "added" | "changed" | "moved" | "unchanged" | "older";

export interface Reconciled {
  outcome: RowOutcome;
  /** They belong together: all of them are written, or none. */
  changes: EntryChange[];
}

const contentOf = (row: CalendarRow) => ({
  fiscal_date_ending: row.fiscalDateEnding,
  estimate: row.estimate,
  currency: row.currency,
  name: row.name,
  time_of_day: row.timeOfDay,
});

const isSame = (entry: CalendarEntry, row: CalendarRow): boolean =>
  Object.entries(contentOf(row)).every(([field, value]) => entry[field] === value);

const opened = (own: CalendarEntry | undefined, row: CalendarRow, at: number, now: string): CalendarEntry => {
  const known: Partial<CalendarEntry> = own ?? { created_at: now };
  const { moved_to: _, processed_at: __, processed_event_id: ___, ...kept } = known;
  return {
    ...kept,
    ...calendarKey(row.symbol, row.reportDate),
    ...contentOf(row),
    status: "scheduled",
    version: (own?.version ?? 0) + 1,
    source_time: at,
    updated_at: now,
  };
};

const moved = (entry: CalendarEntry, to: string, at: number, now: string): CalendarEntry => ({
  ...entry,
  status: "moved",
  moved_to: to,
  version: entry.version + 1,
  source_time: at,
  updated_at: now,
});

/** An entry that is settled for the quarter that the row tells of: the row does not open it again. */
const isProcessedFor = (entry: CalendarEntry, row: CalendarRow): boolean =>
  entry.status === "processed" && (entry.fiscal_date_ending ?? row.fiscalDateEnding) === row.fiscalDateEnding;

/**
 * What a row, as the provider had it at a moment, means for an asset's entries. Pure. A quarter has one open entry at
 * most; one that was processed stays so.
 */
export const reconcile = (row: CalendarRow, entries: readonly CalendarEntry[], at: number, now: number): Reconciled => {
  const own = entries.find(({ earnings_date }) => earnings_date === row.reportDate);
  const sameQuarter = entries.filter((entry) => entry !== own && entry.fiscal_date_ending === row.fiscalDateEnding);
  if (sameQuarter.some(({ status }) => status === "processed")) return { outcome: "unchanged", changes: [] };
  const elsewhere = sameQuarter.filter(({ status }) => status === "scheduled");
  const settled = own !== undefined && (isProcessedFor(own, row) || (own.status === "scheduled" && isSame(own, row)));
  const touched = [...elsewhere, ...(own && !settled ? [own] : [])];
  if (touched.some(({ source_time }) => source_time > at)) return { outcome: "older", changes: [] };
  const iso = new Date(now).toISOString();
  const changes: EntryChange[] = [
    ...(settled ? [] : [{ before: own, after: opened(own, row, at, iso) }]),
    ...elsewhere.map((before) => ({ before, after: moved(before, row.reportDate, at, iso) })),
  ];
  if (changes.length === 0) return { outcome: "unchanged", changes };
  if (elsewhere.length > 0) return { outcome: "moved", changes };
  return { outcome: own ? "changed" : "added", changes };
};
