import { inBatches, throwIfFailed } from "../batch";
import { remainingCalls } from "../budget/calls";
import type { Run } from "../consume/run";
import { largestBatch } from "../events/analysisNeeded";
import { createEvent } from "../events/create";
import { dataIngestionNeeded } from "../events/dataIngestionNeeded";
import { derivedId } from "../events/derivedId";
import type { Priority } from "../events/fields";
import { pollenationNeeded } from "../events/pollenationNeeded";
import { publish } from "../outbox/publish";
import type { PendingRow } from "../outbox/record";
import { recordAlone } from "../outbox/recordAlone";
import { type Plan, type PlanInput, plan, type Resumed } from "./plan";
import { readForPlan } from "./read";

export interface RoundSummary {
  round: PlanInput["round"];
  callsPlanned: number;
  resumed: Resumed[];
  picks: Plan["picks"];
  /** How many were skipped for each reason, with a few of them by name. */
  skipped: { reason: string; count: number; such: string[] }[];
}

const named = 3;

const counted = (skipped: Plan["skipped"]): RoundSummary["skipped"] => {
  const byReason = new Map<string, string[]>();
  for (const { assetId, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), assetId]);
  return [...byReason].map(([reason, ids]) => ({ reason, count: ids.length, such: ids.slice(0, named) }));
};

const request = (
  slot: string,
  round: string,
  { assetId, dataTypes, priority }: Resumed & { priority: Priority },
  run: Run,
) =>
  createEvent(
    pollenationNeeded,
    { assetId, dataTypes, priority, source: `pollination.${round}`, triggerTime: new Date(run.now()).toISOString() },
    { eventId: derivedId(pollenationNeeded.type, slot, assetId), timestamp: run.now(), causationId: slot },
  );

/** What waits for a company that is not traded any more is rung for too: it comes to its end, and spends no call. */
const lastBell = (slot: string, { assetId, dataType }: PlanInput["openJobs"][number], run: Run) =>
  createEvent(
    dataIngestionNeeded,
    { assetId, dataType, priority: "low" },
    { eventId: derivedId(dataIngestionNeeded.type, slot, assetId, dataType), timestamp: run.now(), causationId: slot },
  );

/** Picks companies, and asks for their data. Asked twice for one slot, each company is asked for once. */
export const planRound = async (
  round: PlanInput["round"],
  slot: string,
  watchlist: readonly string[],
  run: Run,
): Promise<RoundSummary> => {
  const known = await readForPlan(run);
  const budget = await remainingCalls("fundamentals", run);
  const planned = plan({ ...known, round, watchlist, remainingCalls: budget, now: run.now() });
  const wanted = [...planned.resumed.map((one) => ({ ...one, priority: "high" as const })), ...planned.picks];
  const active = new Set(known.assets.filter(({ status }) => status === "active").map(({ assetId }) => assetId));
  const hopeless = known.openJobs.filter(({ assetId }) => !active.has(assetId));
  const records = [
    ...wanted.map((one) => ({
      of: one.assetId,
      record: () => recordAlone(pollenationNeeded, request(slot, round, one, run), run),
    })),
    ...hopeless.map((job) => ({
      of: job.assetId,
      record: () => recordAlone(dataIngestionNeeded, lastBell(slot, job, run), run),
    })),
  ];
  const rows: PendingRow[] = [];
  const recorded = await inBatches(
    records,
    largestBatch,
    async ({ record }) => {
      const row = await record();
      if (row) rows.push(row);
    },
    ({ of }) => of,
  );
  await publish(rows, run);
  throwIfFailed(recorded, "requests");
  const { callsPlanned, resumed, picks, skipped } = planned;
  return { round, callsPlanned, resumed, picks, skipped: counted(skipped) };
};
