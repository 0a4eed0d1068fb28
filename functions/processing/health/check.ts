import { DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { classify } from "../aws/classify";
import { dynamodb } from "../aws/dynamodb";
import { eventBridge } from "../aws/eventBridge";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { Failure } from "../failure";
import { metricNames } from "../observe/metrics";
import { pendingIndex, pendingShards } from "../outbox/record";

/** Whoever writes an event publishes it at once; what still lies after this has failed, and waits for the sweeper. */
export const overdueMs = 120_000;
/** Enough to know that it is bad. */
const mostCounted = 1_000;

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

const pending = async (shard: string, more: { before?: string; Select?: "COUNT"; Limit: number }, run: Run) => {
  const { before = "9", ...query } = more;
  return run.call("Query", "dynamodb", () =>
    dynamodb().send(
      new QueryCommand({
        TableName: env("EVENT_STORE_TABLE"),
        IndexName: pendingIndex,
        KeyConditionExpression: "outbox = :shard AND occurred_at <= :before",
        ExpressionAttributeValues: { ":shard": shard, ":before": before },
        ...query,
      }),
    ),
  );
};

const outboxOf = async (run: Run): Promise<Health["outbox"]> => {
  const before = new Date(run.now() - overdueMs).toISOString();
  const shards = await Promise.all(
    pendingShards.map(async (shard) => {
      const { Items: [oldest] = [] } = await pending(shard, { Limit: 1 }, run);
      const { Count = 0 } = await pending(shard, { before, Select: "COUNT", Limit: mostCounted }, run);
      return { age: oldest ? run.now() - Date.parse(String(oldest["occurred_at"])) : 0, overdue: Count };
    }),
  );
  return {
    oldestSeconds: Math.round(Math.max(...shards.map(({ age }) => age)) / 1_000),
    overdue: shards.reduce((sum, { overdue }) => sum + overdue, 0),
  };
};

/** Whether events get out: the bus answers, and nothing lies in the outbox that should be gone. */
export const checkHealth = async (run: Run): Promise<Health> => {
  const [trouble, outbox] = await Promise.all([troubleOfBus(run), outboxOf(run)]);
  run.meter.add(metricNames.busUnreachable, trouble ? 1 : 0);
  run.meter.add(metricNames.pendingAge, outbox.oldestSeconds);
  run.meter.add(metricNames.pendingOverdue, outbox.overdue);
  const status = trouble || outbox.overdue > 0 ? "unhealthy" : "healthy";
  const bus = { reachable: trouble === undefined, ...(trouble && { trouble: trouble.message }) };
  run.log[status === "healthy" ? "info" : "error"]("checked the publisher", { status, bus, outbox });
  return { status, bus, outbox };
};
