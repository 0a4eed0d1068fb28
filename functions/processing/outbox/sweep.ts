import type { Run } from "../consume/run";
import { claim, type Lease, release, renew } from "../effects/lease";
import { metricNames } from "../observe/metrics";
import { reserveMs } from "../retry";
import { type PendingPage, readPending } from "./pending";
import type { Published } from "./publish";
import { publishByPath } from "./publishByPath";

/** Younger rows are left to the function that wrote them: it is about to publish them itself. */
export const settledAfterMs = 60_000;
const leaseMs = 60_000;
const pageRows = 100;

const readPage = (before: string, start: PendingPage["next"], run: Run): Promise<PendingPage> =>
  readPending(
    { Limit: pageRows, FilterExpression: "occurred_at <= :before", ExpressionAttributeValues: { ":before": before } },
    start,
    run,
  );

/** Whether nothing is to be done, which takes no lease to see. */
const isNothingPending = async (before: string, run: Run): Promise<boolean> => {
  let start: PendingPage["next"];
  do {
    const { rows, next } = await readPage(before, start, run);
    if (rows.length > 0) return false;
    start = next;
  } while (start && run.remainingMs() > reserveMs * 5);
  return !start;
};

export interface Swept extends Published {
  /** `busy`: another sweep holds the lease. `partial`: time ran out; the next sweep goes on. */
  end: "done" | "busy" | "partial";
  oldestMs: number;
}

/** Publishes what stayed pending: after a crash between a write and its publishing, or while the bus was out of reach. */
export const sweep = async (run: Run): Promise<Swept> => {
  const total: Swept = { published: 0, failed: 0, oldestMs: 0, end: "done" };
  const before = new Date(run.now() - settledAfterMs).toISOString();
  if (await isNothingPending(before, run)) return total;
  let lease = await claim("outbox-sweep", leaseMs, run);
  if (!lease) return { ...total, end: "busy" };
  try {
    let start: PendingPage["next"];
    do {
      if (run.remainingMs() < reserveMs * 5) return { ...total, end: "partial" };
      lease = await renew(lease, leaseMs, run);
      const page = await readPage(before, start, run);
      for (const row of page.rows) total.oldestMs = Math.max(total.oldestMs, run.now() - Date.parse(row.occurred_at));
      const { published, failed } = await publishByPath(page.rows, run);
      total.published += published;
      total.failed += failed;
      start = page.next;
    } while (start);
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
