import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { getCached, putCached } from "../cache/cache";
import type { Run } from "../consume/run";
import { type Head, type ReportRow, reportName, versionKey } from "./changes";
import type { DataType } from "./dataTypes";
import type { Report } from "./report";
import { tableOf } from "./store";

/** A report as it counts now. */
export type CurrentReport = Pick<ReportRow, "report_key" | "period" | "fiscal_date" | "figures" | "texts">;

interface Cached {
  source_time: number;
  remade_at?: string | undefined;
  reports: CurrentReport[];
}

export const cachedForSeconds = 3_600;

export const cacheKey = (assetId: string, type: DataType): string => `data:${assetId}:${type}`;

const queryAll = async (type: DataType, assetId: string, run: Run): Promise<ReportRow[]> => {
  const rows: ReportRow[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await run.call("Query", "dynamodb", () =>
      dynamodb().send(
        new QueryCommand({
          TableName: tableOf(type),
          KeyConditionExpression: "asset_id = :asset",
          ExpressionAttributeValues: { ":asset": `ASSET#${assetId}` },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    rows.push(...((page.Items ?? []) as ReportRow[]));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
};

const isCurrent = ({ current }: Head): ((row: ReportRow) => boolean) => {
  const keys = new Set(Object.entries(current).map(([name, entry]) => versionKey(name, entry)));
  return ({ report_key }) => keys.has(report_key);
};

/** What the cache may hold of a head: only all of it, so that what is read does not depend on where it is read from. */
export const cacheable = (head: Head, reports: readonly Report[]): Cached | undefined => {
  if (reports.length !== Object.keys(head.current).length) return undefined;
  return {
    source_time: head.source_time,
    remade_at: head.remade_at,
    reports: reports.flatMap((report) => {
      const name = reportName(report);
      const entry = head.current[name];
      const { period, fiscalDate: fiscal_date, figures, texts } = report;
      return entry === undefined ? [] : [{ report_key: versionKey(name, entry), period, fiscal_date, figures, texts }];
    }),
  };
};

/** The reports of a type that count now: from the cache where that has just these, else from the table. */
export const readCurrent = async (type: DataType, head: Head, run: Run): Promise<CurrentReport[]> => {
  const assetId = head.asset_id.slice("ASSET#".length);
  const cached = (await getCached(cacheKey(assetId, type), run)) as Cached | undefined;
  const { source_time, remade_at } = head;
  if (cached?.source_time === source_time && cached.remade_at === remade_at) return cached.reports;
  const rows = (await queryAll(type, assetId, run)).filter(isCurrent(head));
  const reports = rows.map(({ report_key, period, fiscal_date, figures, texts }) => ({
    report_key,
    period,
    fiscal_date,
    figures,
    texts,
  }));
  await putCached(cacheKey(assetId, type), { source_time, remade_at, reports }, cachedForSeconds, run);
  return reports;
};
