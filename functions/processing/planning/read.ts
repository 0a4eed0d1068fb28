import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { readKnownAssets } from "../assets/known";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { dayMs, dayOf, daysBetween } from "../day";
import { readDays } from "../earnings/byDate";
import { env } from "../environment";
import type { DataType } from "../fundamentals/dataTypes";
import { ingestionQueue } from "../work/names";
import { openJobs } from "../work/queue";
import type { PlanInput } from "./plan";
import type { StateView } from "./staleTypes";

/** A plan looks at reports of this many days before today. */
const daysBack = 14;

const symbolOf = (assetId: string): string => assetId.slice("ASSET#".length);

const readStates = async (run: Run): Promise<Map<string, StateView>> => {
  const states = new Map<string, StateView>();
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await run.call("Scan", "dynamodb", () =>
      dynamodb().send(
        new ScanCommand({
          TableName: env("PROCESSING_STATE_TABLE"),
          ProjectionExpression: "asset_id, #status, #types",
          ExpressionAttributeNames: { "#status": "status", "#types": "types" },
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    for (const row of Items) {
      const id = String(row["asset_id"]);
      // The table also holds how far each sync has come.
      if (id.startsWith("ASSET#")) states.set(symbolOf(id), row as unknown as StateView);
    }
    start = LastEvaluatedKey;
  } while (start);
  return states;
};

const readOpenJobs = async (run: Run): Promise<{ assetId: string; dataType: DataType }[]> => {
  const open: { assetId: string; dataType: DataType }[] = [];
  for await (const { asset_id, task } of openJobs(ingestionQueue, run)) {
    open.push({ assetId: symbolOf(asset_id), dataType: task as DataType });
  }
  return open;
};

/** All that a plan is made from, save the round and the budget. */
export const readForPlan = async (
  run: Run,
): Promise<Pick<PlanInput, "assets" | "states" | "calendar" | "openJobs">> => {
  const now = run.now();
  const [assets, states, { entries }, open] = await Promise.all([
    readKnownAssets(run),
    readStates(run),
    readDays(daysBetween(dayOf(now - daysBack * dayMs), dayOf(now - dayMs)), run),
    readOpenJobs(run),
  ]);
  return {
    assets: [...assets].map(([assetId, { status, firstSeen }]) => ({ assetId, status, listedSince: firstSeen })),
    states,
    calendar: entries.map(({ asset_id, earnings_date, status }) => ({
      assetId: symbolOf(asset_id),
      earningsDate: earnings_date,
      status,
    })),
    openJobs: open,
  };
};
