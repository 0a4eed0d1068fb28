import { DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import { classify } from "../aws/classify";
import { eventBridge } from "../aws/eventBridge";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { causeOf, Failure } from "../failure";
import { metricNames } from "../observe/metrics";
import { type PendingPage, readPending } from "../outbox/pending";

/** Whoever writes an event publishes it at once; what still lies after this has failed, and waits for the sweeper. */
export const overdueMs = 120_000;
/** Enough to know that it is bad. */
const mostCounted = 5_000;

export interface Health {
  status: "healthy" | "unhealthy";
  bus: { reachable: boolean; trouble?: string };
  outbox: { oldestSeconds: number; overdue: number };
}

const troubleOfBus = async (run: Run): Promise<Failure | undefined> => {
  try {
    await run.call("DescribeEventBus", "aws", () =>
      eventBridge().send(new DescribeEventBusCommand({ Name: env("EVENTS_BUS_NAME") })),
    );
    return undefined;
  } catch (error) {
    return classify(error, "aws");
  }
};

const outboxOf = async (run: Run): Promise<Health["outbox"]> => {
  const ages: number[] = [];
  let start: PendingPage["next"];
  do {
    const { rows, next } = await readPending({ Limit: mostCounted }, start, run);
    for (const row of rows) ages.push(run.now() - Date.parse(row.occurred_at));
    start = next;
  } while (start && ages.length < mostCounted);
  return {
    oldestSeconds: Math.round(Math.max(0, ...ages) / 1_000),
    overdue: ages.filter((age) => age >= overdueMs).length,
  };
};

/** Why is known to whoever tried to publish them. */
const overdue = (): Failure => new Failure("unavailable", "events wait that should be published", { origin: "aws" });

/** Whether events get out: the bus answers, and nothing lies in the outbox that should be gone. */
export const checkHealth = async (run: Run): Promise<Health> => {
  const [trouble, outbox] = await Promise.all([troubleOfBus(run), outboxOf(run)]);
  run.meter.add(metricNames.busUnreachable, trouble ? 1 : 0);
  run.meter.add(metricNames.pendingAge, outbox.oldestSeconds);
  run.meter.add(metricNames.pendingOverdue, outbox.overdue);
  const status = trouble || outbox.overdue > 0 ? "unhealthy" : "healthy";
  const bus = { reachable: trouble === undefined, ...(trouble && { trouble: trouble.message }) };
  const told = { status, bus, outbox };
  if (status === "healthy") run.log.info("checked the publisher", told);
  else run.log.error("checked the publisher", { ...told, ...causeOf(trouble ?? overdue()) });
  return { status, bus, outbox };
};
