import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { claim, type Lease, release, renew } from "../effects/lease";
import { env } from "../environment";
import { metricNames } from "../observe/metrics";
import { reserveMs } from "../retry";
import type { Published } from "./publish";
import { publishByPath } from "./publishByPath";
import { type PendingRow, pendingIndex, pendingShards } from "./record";

/** Younger rows are left to the function that wrote them: it is about to publish them itself. */
export const settledAfterMs = 60_000;
const leaseMs = 60_000;
const pageRows = 100;

interface Page {
  rows: PendingRow[];
  next: Record<string, unknown> | undefined;
}

const readPage = async (shard: string, before: string, start: Page["next"], run: Run): Promise<Page> => {
  const answer = await run.call("Query", "dynamodb", () =>
    dynamodb().send(
      new QueryCommand({
        TableName: env("EVENT_STORE_TABLE"),
        IndexName: pendingIndex,
        KeyConditionExpression: "outbox = :shard AND occurred_at <= :before",
        ExpressionAttributeValues: { ":shard": shard, ":before": before },
        Limit: pageRows,
        ...(start && { ExclusiveStartKey: start }),
      }),
    ),
  );
  return { rows: (answer.Items ?? []) as PendingRow[], next: answer.LastEvaluatedKey };
};

export interface Swept extends Published {
  /** `busy`: another sweep holds the lease. `partial`: time ran out; the next sweep goes on. */
  end: "done" | "busy" | "partial";
  oldestMs: number;
}

/** Publishes what stayed pending: after a crash between a write and its publishing, or while the bus was out of reach. */
export const sweep = async (run: Run): Promise<Swept> => {
  let lease = await claim("outbox-sweep", leaseMs, run);
  if (!lease) return { published: 0, failed: 0, oldestMs: 0, end: "busy" };
  try {
    const before = new Date(run.now() - settledAfterMs).toISOString();
    const total: Swept = { published: 0, failed: 0, oldestMs: 0, end: "done" };
    for (const shard of pendingShards) {
      let start: Page["next"];
      do {
        if (run.remainingMs() < reserveMs * 5) return { ...total, end: "partial" };
        lease = await renew(lease, leaseMs, run);
        const page = await readPage(shard, before, start, run);
        for (const row of page.rows) total.oldestMs = Math.max(total.oldestMs, run.now() - Date.parse(row.occurred_at));
        const { published, failed } = await publishByPath(page.rows, run);
        total.published += published;
        total.failed += failed;
        start = page.next;
      } while (start);
    }
    return total;
  } finally {
    await giveBack(lease, run);
  }
};

const giveBack = async (lease: Lease, run: Run): Promise<void> => {
  try {
    await release(lease, run);
  } catch (error) {
    run.log.warn("the lease was not given back, it runs out by itself", { error });
  }
};

export const reportSweep = (swept: Swept, run: Run): void => {
  if (swept.end !== "busy") run.meter.add(metricNames.outboxAge, Math.round(swept.oldestMs / 1_000));
  run.log.info("swept the outbox", { ...swept });
};
