import { createHash } from "node:crypto";
import type { Normalised, Report } from "./report";

/** The front page of what is known of a company of one type: which version of each report counts. */
export interface Head {
  asset_id: string;
  report_key: "HEAD";
  /** When the newest answer was received that this is made of, in epoch milliseconds. */
  source_time: number;
  raw_key: string;
  /** By report, such as ANNUAL#2024-09-30: when its version was received, and what its content comes to. */
  current: Record<string, string>;
  /** When some of this was made anew from answers that are kept, if it was. */
  remade_at?: string;
}

/** One version of one report. It is never changed; a restatement is another. */
export interface ReportRow {
  asset_id: string;
  report_key: string;
  period: Report["period"];
  fiscal_date: string;
  received_at: string;
  raw_key: string;
  figures: Record<string, number>;
  texts: Record<string, string>;
  /** The version that this one restates. */
  restates?: string;
  /** When this was made anew from an answer that is kept. Its key ends with it: the version of before is kept, too. */
  remade_at?: string;
}

export interface Source {
  assetId: string;
  receivedAt: number;
  rawKey: string;
}

export interface Changes {
  head: Head;
  rows: ReportRow[];
  added: number;
  restated: number;
  unchanged: number;
  /** What counted before, and does not any more. */
  dropped: number;
}

const sorted = (record: Record<string, unknown>): [string, unknown][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

export const contentOf = ({ figures, texts }: Report): string =>
  createHash("sha256")
    .update(JSON.stringify([sorted(figures), sorted(texts)]))
    .digest("base64url")
    .slice(0, 12);

export const reportName = ({ period, fiscalDate }: Pick<Report, "period" | "fiscalDate">): string =>
  `${period.toUpperCase()}#${fiscalDate}`;

/** Of these only one counts, the newest answer's: whatever quarter it names, it tells of the company as it is. */
export const isLatest = (name: string): boolean => name.startsWith("LATEST#");

/** The key of the version that a head names. */
export const versionKey = (name: string, entry: string): string => `${name}#${entry.slice(0, entry.indexOf("#"))}`;

/**
 * What an answer adds to what is known: rows for reports that are new or restated, and the head that makes them count.
 * Undefined where what is known is younger than the answer.
 */
export const changesOf = (known: Head | undefined, answer: Normalised, source: Source): Changes | undefined => {
  if (known && known.source_time >= source.receivedAt) return undefined;
  const assetId = `ASSET#${source.assetId}`;
  const receivedAt = new Date(source.receivedAt).toISOString();
  const latest = answer.reports.map(reportName).filter(isLatest);
  const isOutdated = (name: string): boolean => latest.length > 0 && isLatest(name) && !latest.includes(name);
  const counted = Object.entries(known?.current ?? {});
  const current = Object.fromEntries(counted.filter(([name]) => !isOutdated(name)));
  const dropped = counted.length - Object.keys(current).length;
  const rows: ReportRow[] = [];
  let restated = 0;
  for (const report of answer.reports) {
    const name = reportName(report);
    const content = contentOf(report);
    const before = known?.current[name];
    if (before?.endsWith(`#${content}`)) continue;
    if (before !== undefined) restated++;
    current[name] = `${receivedAt}#${content}`;
    rows.push({
      asset_id: assetId,
      report_key: versionKey(name, current[name]),
      period: report.period,
      fiscal_date: report.fiscalDate,
      received_at: receivedAt,
      raw_key: source.rawKey,
      figures: report.figures,
      texts: report.texts,
      ...(before !== undefined && { restates: versionKey(name, before) }),
    });
  }
  const head: Head = {
    asset_id: assetId,
    report_key: "HEAD",
    source_time: source.receivedAt,
    raw_key: source.rawKey,
    current,
  };
  const unchanged = answer.reports.length - rows.length;
  return { head, rows, added: rows.length - restated, restated, unchanged, dropped };
};
