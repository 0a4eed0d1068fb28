import { contentOf, type Head, isLatest, type ReportRow, reportName, versionKey } from "./changes";
import type { Normalised, Report } from "./report";

/** A kept answer, as it is read today. */
export interface Reread {
  rawKey: string;
  receivedAt: number;
  normalised: Normalised;
}

export interface Remade {
  /** Undefined where nothing comes out otherwise than it is stored. */
  head: Head | undefined;
  rows: ReportRow[];
  added: number;
  restated: number;
  unchanged: number;
  /** What counts was made from a younger answer. */
  older: number;
}

interface Newest extends Pick<Reread, "rawKey" | "receivedAt"> {
  report: Report;
}

const newestFirst = (answers: readonly Reread[]): Reread[] => answers.toSorted((a, b) => b.receivedAt - a.receivedAt);

/** By report: what the newest of the answers that list it says. */
const newestOf = (answers: readonly Reread[]): Map<string, Newest> => {
  const newest = new Map<string, Newest>();
  for (const { normalised, rawKey, receivedAt } of newestFirst(answers)) {
    for (const report of normalised.reports) {
      const name = reportName(report);
      if (!newest.has(name)) newest.set(name, { report, rawKey, receivedAt });
    }
  }
  return newest;
};

/** The names of what counts as the latest: those of the newest answer that has any, be it one of these or the known one. */
const latestOf = (known: Head | undefined, answers: readonly Reread[]): Set<string> => {
  for (const { normalised, receivedAt } of newestFirst(answers)) {
    if (known && known.source_time > receivedAt) break;
    const names = normalised.reports.map(reportName).filter(isLatest);
    if (names.length > 0) return new Set(names);
  }
  return new Set(Object.keys(known?.current ?? {}).filter(isLatest));
};

/** When the answer was received from which a version was made, whenever that was. */
const receivedAtOf = (entry: string): number => Date.parse(entry.slice(0, entry.search(/[~#]/)));

/**
 * What the kept answers of one type of a company amount to, beside what is stored of it. A version that is there is never
 * changed: what comes out otherwise is a version of its own, and what was made from a younger answer is left alone.
 */
export const remake = (known: Head | undefined, assetId: string, answers: readonly Reread[], now: number): Remade => {
  const remadeAt = new Date(now).toISOString();
  const latest = latestOf(known, answers);
  const isOutdated = (name: string): boolean => isLatest(name) && !latest.has(name);
  const counted = Object.entries(known?.current ?? {});
  const current = Object.fromEntries(counted.filter(([name]) => !isOutdated(name)));
  const dropped = counted.length - Object.keys(current).length;
  const remade: Remade = { head: undefined, rows: [], added: 0, restated: 0, unchanged: 0, older: 0 };
  for (const [name, { report, rawKey, receivedAt }] of newestOf(answers)) {
    const content = contentOf(report);
    const before = known?.current[name];
    const same = before?.endsWith(`#${content}`);
    if (isOutdated(name) || (!same && before !== undefined && receivedAtOf(before) > receivedAt)) {
      remade.older++;
      continue;
    }
    if (same) {
      remade.unchanged++;
      continue;
    }
    remade[before === undefined ? "added" : "restated"]++;
    const received_at = new Date(receivedAt).toISOString();
    const entry = `${received_at}~${remadeAt}#${content}`;
    current[name] = entry;
    remade.rows.push({
      asset_id: `ASSET#${assetId}`,
      report_key: versionKey(name, entry),
      period: report.period,
      fiscal_date: report.fiscalDate,
      received_at,
      raw_key: rawKey,
      figures: report.figures,
      texts: report.texts,
      remade_at: remadeAt,
      ...(before !== undefined && { restates: versionKey(name, before) }),
    });
  }
  if (remade.rows.length === 0 && dropped === 0) return remade;
  const [source] = newestFirst(answers);
  const younger = source && source.receivedAt > (known?.source_time ?? 0);
  remade.head = {
    asset_id: `ASSET#${assetId}`,
    report_key: "HEAD",
    source_time: younger ? source.receivedAt : (known?.source_time ?? 0),
    raw_key: younger ? source.rawKey : (known?.raw_key ?? ""),
    current,
    remade_at: remadeAt,
  };
  return remade;
};
