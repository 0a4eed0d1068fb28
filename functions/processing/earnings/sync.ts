import { readKnownAssets } from "../assets/known";
import { inBatches, requireTime, throwIfFailed } from "../batch";
import type { Run } from "../consume/run";
import { dayMs, dayOf, daysBetween } from "../day";
import { overtaken } from "../effects/overtaken";
import { byText } from "../order";
import type { Change } from "../outbox/record";
import type { CalendarRow, Refused } from "../providers/rows";
import { moveWatermark, readWatermark } from "../watermark";
import { readDaysOf, readEntriesOf } from "./byDate";
import { type CalendarEntry, type EntryChange, writeEntries } from "./calendar";
import { type RowOutcome, reconcile } from "./reconcile";

/** What a provider expects, and when it said so. */
export interface CalendarList {
  rows: readonly CalendarRow[];
  refused: readonly Refused[];
  receivedAt: number;
}

export interface CalendarSummary {
  seen: number;
  added: number;
  changed: number;
  /** Reports that are expected on another day than before. */
  moved: number;
  unchanged: number;
  /** Rows of companies that are not in our universe. */
  unknown: number;
  refused: Refused[];
}

const sync = "earnings";
const writtenAtOnce = 16;
/** A report that was expected longer ago is looked for no more. */
const backDays = 60;
/** The provider looks a quarter ahead by default, so an entry that moves is not further away than that. */
const aheadDays = 120;
const furthestDays = 400;

const told = ["status", "moved_to", "fiscal_date_ending", "estimate", "currency", "name", "time_of_day"] as const;

const audited = ({ before, after }: EntryChange, cause: string, now: number) => {
  const entity = `EARNINGS#${after.asset_id.slice("ASSET#".length)}#${after.earnings_date}`;
  const audit: Change = {
    id: `CHANGE#${entity}#${after.version}#${cause}`,
    entity,
    type: "earningsCalendar.changed",
    fields: told
      .filter((field) => before?.[field] !== after[field])
      .map((field) => ({ field, oldValue: before?.[field], newValue: after[field] })),
    after,
    at: now,
    by: "earningsSync",
    cause: { eventId: cause, correlationId: cause },
  };
  return { before, after, audit };
};

interface Company {
  symbol: string;
  rows: CalendarRow[];
  entries: CalendarEntry[];
}

/** Takes over one row, on what is known of the company or, where that was overtaken, on what the table has now. */
const takeOver = async (company: Company, row: CalendarRow, at: number, run: Run): Promise<RowOutcome> => {
  const cause = `SYNC#earnings#${new Date(at).toISOString()}`;
  let read = false;
  return overtaken(run, async () => {
    if (read) company.entries = await readEntriesOf(company.symbol, run);
    read = true;
    const { outcome, changes } = reconcile(row, company.entries, at, run.now());
    const writes = changes.map((change) => audited(change, cause, run.now()));
    if (writes.length > 0) await writeEntries(writes, run);
    for (const { before, after } of changes) {
      company.entries = [...company.entries.filter((entry) => entry !== before), after];
    }
    return outcome;
  });
};

/** The rows of companies we know, each company's together. What contradicts an earlier row of the list is refused. */
const byCompany = (rows: readonly CalendarRow[], active: ReadonlySet<string>, at: number, summary: CalendarSummary) => {
  const [from, to] = [dayOf(at - backDays * dayMs), dayOf(at + furthestDays * dayMs)];
  const companies = new Map<string, Company>();
  for (const row of rows.toSorted((a, b) => byText(a.reportDate, b.reportDate))) {
    const { symbol, reportDate, fiscalDateEnding } = row;
    const company = companies.get(symbol) ?? { symbol, rows: [], entries: [] };
    const refuse = (reason: string) => summary.refused.push({ at: symbol, reason });
    if (!active.has(symbol)) summary.unknown++;
    else if (reportDate < from || reportDate > to) refuse(`reportDate ${reportDate} is not between ${from} and ${to}`);
    else if (company.rows.some((other) => other.reportDate === reportDate))
      refuse(`reportDate ${reportDate} is listed a second time`);
    else if (company.rows.some((other) => other.fiscalDateEnding === fiscalDateEnding))
      refuse(`fiscalDateEnding ${fiscalDateEnding} is listed a second time, for ${reportDate}`);
    else company.rows.push(row);
    if (company.rows.length > 0) companies.set(symbol, company);
  }
  return companies;
};

const readKnownEntries = async (companies: Map<string, Company>, at: number, run: Run): Promise<Refused[]> => {
  const latest = [...companies.values()].flatMap(({ rows }) => rows.map(({ reportDate }) => reportDate));
  const to = [dayOf(at + aheadDays * dayMs), ...latest].reduce((a, b) => (a > b ? a : b));
  const days = daysBetween(dayOf(at - backDays * dayMs), to);
  const { entries, damaged } = await readDaysOf([...companies.keys()], days, run);
  for (const entry of entries) companies.get(entry.asset_id.slice("ASSET#".length))?.entries.push(entry);
  return damaged.filter(({ at: symbol }) => companies.delete(symbol));
};

/** Brings the earnings calendar to what the provider expects. Only differences are written. */
export const syncEarnings = async ({ rows, refused, receivedAt }: CalendarList, run: Run): Promise<CalendarSummary> => {
  const summary: CalendarSummary = {
    seen: rows.length + refused.length,
    added: 0,
    changed: 0,
    moved: 0,
    unchanged: 0,
    unknown: 0,
    refused: [...refused],
  };
  const mark = await readWatermark(sync, run);
  if (mark && mark.at > receivedAt) {
    summary.refused.push({ at: "the list", reason: `is older than that of ${new Date(mark.at).toISOString()}` });
    return summary;
  }
  const known = await readKnownAssets(run);
  const active = new Set([...known].flatMap(([symbol, { status }]) => (status === "active" ? [symbol] : [])));
  const companies = byCompany(rows, active, receivedAt, summary);
  if (companies.size > 0) summary.refused.push(...(await readKnownEntries(companies, receivedAt, run)));
  const taken = await inBatches(
    [...companies.values()],
    writtenAtOnce,
    async (company) => {
      for (const row of company.rows) {
        requireTime(run);
        const outcome = await takeOver(company, row, receivedAt, run);
        if (outcome === "older") summary.refused.push({ at: company.symbol, reason: "is older than what is known" });
        else summary[outcome]++;
      }
    },
    ({ symbol }) => symbol,
  );
  throwIfFailed(taken, "companies of the calendar");
  await moveWatermark(sync, { at: receivedAt, caughtUp: true }, run);
  return summary;
};
