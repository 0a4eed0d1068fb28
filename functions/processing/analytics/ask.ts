import { GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { askedKey, shelfLife, statusKey } from "./keys";
import type { AnalyticsType, AskingEvent, Plan } from "./plan";
import { readStatuses, type Status, statusItem } from "./status";

/** After this an event that comes again is computed again, which changes nothing but the moment. */
const keptSeconds = 30 * 86_400;

const wasAsked = async (owner: string, eventId: string, run: Run): Promise<boolean> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("ANALYTICS_STATUS_TABLE"),
        Key: askedKey(owner, eventId),
        ConsistentRead: true,
      }),
    ),
  );
  return Item !== undefined;
};

const asked = (
  before: Status | undefined,
  {
    owner,
    type,
    event,
    plan,
    now,
  }: { owner: string; type: AnalyticsType; event: AskingEvent; plan: Plan; now: number },
): Status => ({
  ...before,
  ...statusKey(owner, type),
  type,
  status: "pending",
  priority: before?.status === "pending" ? Math.min(before.priority, plan.priority) : plan.priority,
  requested: (before?.requested ?? 0) + 1,
  computed: before?.computed ?? 0,
  version: (before?.version ?? 0) + 1,
  asked_by: event.eventId,
  asked_at: new Date(now).toISOString(),
  ...shelfLife(owner, now),
});

/** The mark of the event and every status that it asks for, or nothing of it. */
const write = async (owner: string, event: AskingEvent, plan: Plan, run: Run): Promise<void> => {
  const before = new Map((await readStatuses(owner, plan.types, run)).map((status) => [status.type, status]));
  const now = run.now();
  const mark = {
    ...askedKey(owner, event.eventId),
    event_type: event.eventType,
    priority: plan.priority,
    types: [...plan.types],
    asked_at: new Date(now).toISOString(),
    correlation_id: event.correlationId,
    expires_at: Math.floor(now / 1_000) + keptSeconds,
  };
  const statuses = plan.types.map((type) =>
    statusItem(before.get(type), asked(before.get(type), { owner, type, event, plan, now })),
  );
  const ClientRequestToken = run.newId();
  await run.call("TransactWriteItems", "dynamodb", () =>
    dynamodb().send(
      new TransactWriteCommand({
        ClientRequestToken,
        TransactItems: [
          {
            Put: {
              TableName: env("ANALYTICS_STATUS_TABLE"),
              Item: mark,
              ConditionExpression: "attribute_not_exists(analytics_key)",
            },
          },
          ...statuses,
        ],
      }),
    ),
  );
};

/** Asks, once an event, for the analytics that it touches. False where it was asked before. */
export const ask = (owner: string, event: AskingEvent, plan: Plan, run: Run): Promise<boolean> =>
  overtaken(run, async () => {
    if (await wasAsked(owner, event.eventId, run)) return false;
    await write(owner, event, plan, run);
    return true;
  });
