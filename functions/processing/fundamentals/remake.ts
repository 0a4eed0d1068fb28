import { contentOf, type Head, type ReportRow, reportName, versionKey } from "./changes";
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
  /** What counts was made from a younger answer, which is not among these. */
  older: number;
}

interface Newest extends Pick<Reread, "rawKey" | "receivedAt"> {
  report: Report;
}

/** By report: what the newest of the answers that list it says. */
const newestOf = (answers: readonly Reread[]): Map<string, Newest> => {
  const newest = new Map<string, Newest>();
  for (const { normalised, rawKey, receivedAt } of answers.toSorted((a, b) => b.receivedAt - a.receivedAt)) {
    for (const report of normalised.reports) {
      const name = reportName(report);
      if (!newest.has(name)) newest.set(name, { report, rawKey, receivedAt });
    }
  }
  return newest;
};

/** When the answer was received from which a version was made, whenever that was. */
const receivedAtOf = (entry: string): number => Date.parse(entry.slice(0, entry.search(/[~#]/)));

/**
 * What the kept answers of one type of a company amount to, beside what is stored of it. A version that is there is never
 * changed: what comes out otherwise is a version of its own, and what was made from a younger answer is left alone.
 */
export const remake = (known: Head | undefined, assetId: string, answers: readonly Reread[], now: number): Remade => {
  const remadeAt = new Date(now).toISOString();
  const current = { ...known?.current };
  const remade: Remade = { head: undefined, rows: [], added: 0, restated: 0, unchanged: 0, older: 0 };
  for (const [name, { report, rawKey, receivedAt }] of newestOf(answers)) {
    const content = contentOf(report);
    const before = known?.current[name];
    if (before?.endsWith(`#${content}`)) {
      remade.unchanged++;
      continue;
    }
    if (before !== undefined && receivedAtOf(before) > receivedAt) {
      remade.older++;
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
  if (remade.rows.length === 0) return remade;
  const [source] = answers.toSorted((a, b) => b.receivedAt - a.receivedAt);
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
