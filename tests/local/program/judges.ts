import { expect } from "chai";
import { type ReportRow, reportName, versionKey } from "../../../functions/processing/fundamentals/changes";
import { normalise } from "../../../functions/processing/fundamentals/normalise";
import { isOpen, wholeOf } from "../../../functions/processing/state/status";
import { newYorkDayOf } from "../../../local/market/days";
import type { Call } from "../../../local/market/outcome";
import { type Book, eventsOf, rawAnswer } from "./book";
import type { Shared } from "./sharedCloud";

export const perDay = 25;

const symbolOf = (assetId: string): string => assetId.slice("ASSET#".length);
export const countsOf = <Key>(keys: readonly Key[]): Map<Key, number> => {
  const found = new Map<Key, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
};
const moreThanOnce = (keys: readonly string[]): string[] =>
  [...countsOf(keys)].filter(([, count]) => count > 1).map(([key, count]) => `${key} × ${count}`);

export const paidCalls = (calls: readonly Call[]): Call[] =>
  calls.filter(({ provider }) => provider === "alphaVantage");

/** The provider never saw more calls than its plan allows, whosever day is counted. */
const judgeBudget = (shared: Shared): void => {
  const paid = paidCalls(shared.market.calls());
  const days = [
    ...paid.map(({ at }) => `UTC ${new Date(at).toISOString().slice(0, 10)}`),
    ...paid.map(({ at }) => `New York ${newYorkDayOf(at)}`),
  ];
  for (const [day, count] of countsOf(days)) expect(count, `calls on ${day}`).to.be.at.most(perDay);
};

/** Every job has ended, or waits; one that failed is in the dead letters, for the reason that it names. */
const judgeJobs = (book: Book): void => {
  for (const job of book.jobs) {
    const of = `${job.job_id} (${job.status})`;
    expect(job.status, `${of} is in nobody's hands any more`).to.be.oneOf(["enqueued", "done", "dead"]);
    expect(job.queue !== undefined, `${of} lies in the queue`).to.equal(job.status === "enqueued");
    if (job.status !== "dead") continue;
    const letters = book.letters.filter(
      ({ consumer, detail }) =>
        consumer === "ingestion" && detail["assetId"] === symbolOf(job.asset_id) && detail["dataType"] === job.task,
    );
    expect(
      letters.map(({ reason }) => reason),
      of,
    ).to.include(job.error);
  }
};

/** A company's state says of each type what its job and its tables say. */
const judgeStates = (book: Book): void => {
  for (const state of book.states) {
    const parts = state.requested.map((type) => {
      const part = state.types[type];
      const of = `${state.asset_id} ${type}: ${part?.status}`;
      const job = book.jobs.find(({ asset_id, task }) => asset_id === state.asset_id && task === type);
      expect(isOpen(part?.status ?? "pending"), `${of}, its job is ${job?.status}`).to.equal(job?.queue !== undefined);
      if (part?.status === "failed") expect(job?.status, of).to.equal("dead");
      const head = book.heads.find((one) => one.asset_id === state.asset_id && one.type === type);
      expect(head !== undefined, `${of}, something is stored`).to.equal(part?.stored_at !== undefined);
      return part?.status ?? "pending";
    });
    expect(state.status, state.asset_id).to.equal(wholeOf(parts));
    const stored = parts.filter((part) => part === "complete").length;
    expect(state.progress, state.asset_id).to.equal(stored / parts.length);
  }
};

/**
 * What counts of each report is its youngest version; each version is what the provider said, word for word, and every
 * older one is still there.
 */
const judgeReports = async (shared: Shared, book: Book): Promise<void> => {
  const owner = (row: { type: string; asset_id: string }) => `${row.type} ${row.asset_id}`;
  const heads = new Set(book.heads.map(owner));
  for (const row of book.reports) expect(heads.has(owner(row)), `${owner(row)} has a head`).to.equal(true);
  for (const head of book.heads) {
    const rows = book.reports.filter((row) => owner(row) === owner(head));
    const said = normalise(head.type, JSON.parse(await rawAnswer(shared, head.raw_key)), symbolOf(head.asset_id));
    for (const report of said.reports) {
      const name = reportName(report);
      const key = versionKey(name, head.current[name] ?? "#");
      const versions = rows.filter(({ report_key }) => report_key.startsWith(`${name}#`));
      const youngest = versions
        .map(({ report_key }) => report_key)
        .sort()
        .at(-1);
      expect(key, `${owner(head)} ${name}`).to.equal(youngest);
      const current = versions.find(({ report_key }) => report_key === key) as ReportRow;
      expect(current.figures, `${owner(head)} ${name}`).to.deep.equal(report.figures);
      const keys = versions.map(({ report_key }) => report_key);
      for (const { restates } of versions) if (restates) expect(keys).to.include(restates);
    }
  }
};

/**
 * Each time that a company became complete, that was told once; each telling is in one batch; what is ended is told at
 * all, and nothing waits to be put on the bus.
 */
const judgeEvents = (book: Book): void => {
  const told = eventsOf(book, "pollinationComplete");
  const became = eventsOf(book, "processingState.changed").filter(({ changes = [] }) =>
    changes.some(({ field, newValue }) => field === "status" && newValue === "complete"),
  );
  expect(countsOf(told.map(({ entity }) => entity))).to.deep.equal(countsOf(became.map(({ entity }) => entity)));
  const batches = eventsOf(book, "analysisNeeded");
  const markers = book.effects.filter(({ effect_id }) => String(effect_id).startsWith("analysisNeeded#"));
  expect(new Set(markers.map(({ effect_id }) => effect_id))).to.deep.equal(
    new Set(told.map(({ event_id }) => `analysisNeeded#${event_id}`)),
  );
  for (const { event_id, detail } of batches) {
    const ids = detail["assetIds"] as string[];
    expect(ids.length, event_id).to.be.within(1, 8);
    const gathered = markers.filter(({ batch_id }) => batch_id === event_id).map(({ effect_id }) => String(effect_id));
    const companies = told.filter((one) => gathered.includes(`analysisNeeded#${one.event_id}`));
    expect(new Set(companies.map(({ entity }) => symbolOf(entity))), event_id).to.deep.equal(new Set(ids));
  }
  expect(new Set(markers.map(({ batch_id }) => batch_id))).to.deep.equal(new Set(batches.map((one) => one.event_id)));
  const pending = book.events.filter(({ status }) => status === "pending").map(({ event_id }) => event_id);
  expect(pending, "events that never reached the bus").to.deep.equal([]);
};

/** What the calendar has as processed was told so by one event, and every such event was heard. */
const judgeCalendar = (book: Book): void => {
  const closed = book.calendar.filter(({ status }) => status === "processed");
  const events = eventsOf(book, "earningsProcessed");
  expect(moreThanOnce(events.map(({ entity }) => entity))).to.deep.equal([]);
  expect(new Set(closed.map(({ processed_event_id }) => processed_event_id))).to.deep.equal(
    new Set(events.map(({ event_id }) => event_id)),
  );
};

/** Calls that the ledger counts, by UTC day. It keeps a week. */
export const ledgerOf = ({ budget }: Book): Record<string, number> =>
  Object.fromEntries(
    Object.entries((budget?.["utc"] ?? {}) as Record<string, Record<string, number>>).map(([day, jobs]) => [
      day,
      Object.values(jobs).reduce((sum, count) => sum + count, 0),
    ]),
  );

export const paidByDay = (shared: Shared): Record<string, number> =>
  Object.fromEntries(countsOf(paidCalls(shared.calls()).map(({ at }) => new Date(at).toISOString().slice(0, 10))));

/** Every call that the market saw is in the ledger; one that was cut off, or never made, may be there as well. */
const judgeLedger = (shared: Shared, book: Book): void => {
  const seen = paidByDay(shared);
  for (const [day, count] of Object.entries(ledgerOf(book))) {
    expect(count, `calls in the ledger on ${day}`).to.be.at.least(seen[day] ?? 0);
  }
};

/** What must be true at the end of any day, whatever has happened in it. */
export const judge = async (shared: Shared, book: Book): Promise<void> => {
  judgeBudget(shared);
  judgeLedger(shared, book);
  judgeJobs(book);
  judgeStates(book);
  await judgeReports(shared, book);
  judgeEvents(book);
  judgeCalendar(book);
  expect(book.left, "messages that were left").to.deep.equal(
    Object.fromEntries(Object.keys(book.left).map((name) => [name, 0])),
  );
};
