import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb } from "../aws/dynamodb";
import { type TransactItem, transact } from "../aws/transact";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { env } from "../environment";
import { analysisNeeded, largestBatch } from "../events/analysisNeeded";
import { createEvent } from "../events/create";
import type { PlatformEvent } from "../events/definition";
import { derivedId } from "../events/derivedId";
import { priorities } from "../events/fields";
import type { pollinationComplete } from "../events/pollinationComplete";
import { Failure } from "../failure";
import { publish } from "../outbox/publish";
import { pendingEvent, pendingRow } from "../outbox/record";

export type PollinationComplete = PlatformEvent<typeof pollinationComplete>;

const keptSeconds = 400 * 86_400;

/** Where it is written down into which batch a completion was taken. */
export const markerOf = ({ eventId }: Pick<PollinationComplete, "eventId">): string =>
  `${analysisNeeded.type}#${eventId}`;

/** Events that have been gathered before, in this batch or another. */
const gatheredBefore = async (events: readonly PollinationComplete[], run: Run): Promise<Set<string>> => {
  const table = env("EFFECTS_TABLE");
  const Keys = events.map((event) => ({ effect_id: markerOf(event) }));
  let found: Record<string, unknown>[] = [];
  await run.call("BatchGetItem", "dynamodb", async () => {
    const request = { RequestItems: { [table]: { Keys, ConsistentRead: true } } };
    const { Responses, UnprocessedKeys = {} } = await dynamodb().send(new BatchGetCommand(request));
    if (Object.keys(UnprocessedKeys).length > 0) {
      throw new Failure("throttled", "not all markers were read", { origin: "dynamodb" });
    }
    found = Responses?.[table] ?? [];
  });
  return new Set(found.map(({ effect_id }) => String(effect_id)));
};

const marker = (event: PollinationComplete, batchId: string, run: Run): TransactItem => ({
  Put: {
    TableName: env("EFFECTS_TABLE"),
    Item: { effect_id: markerOf(event), batch_id: batchId, expires_at: Math.floor(run.now() / 1_000) + keptSeconds },
    ConditionExpression: "attribute_not_exists(effect_id)",
  },
});

const batchOf = (events: readonly PollinationComplete[], run: Run) => {
  const assetIds = [...new Set(events.map(({ payload }) => payload.assetId))].sort();
  const eventId = derivedId(analysisNeeded.type, ...events.map((event) => event.eventId).sort());
  const urgent = events.map(({ payload }) => priorities.indexOf(payload.priority));
  const priority = priorities[Math.min(...urgent)] ?? "medium";
  const [first] = events;
  const timestamp = run.now();
  return createEvent(
    analysisNeeded,
    { assetIds, batchSize: largestBatch, analysisType: "rule_based", priority },
    {
      eventId,
      timestamp,
      // One story where there is one; where several meet, a new one begins, which each of them can be found in.
      correlationId: events.length === 1 && first ? first.correlationId : eventId,
      ...(first && { causationId: first.eventId }),
    },
  );
};

/** Calls for the analysis of these companies in one batch. Each completion is taken into a batch once. */
export const gather = async (events: readonly PollinationComplete[], run: Run): Promise<string> => {
  const unique = [...new Map(events.map((one) => [one.eventId, one])).values()];
  const event = await overtaken(run, async () => {
    const known = await gatheredBefore(unique, run);
    const fresh = unique.filter((one) => !known.has(markerOf(one)));
    if (fresh.length === 0) return undefined;
    const batch = batchOf(fresh, run);
    const markers = fresh.map((one) => marker(one, batch.eventId, run));
    await transact([...markers, pendingEvent(analysisNeeded, batch)], run);
    return batch;
  });
  if (!event) return "gathered before";
  await publish([pendingRow(analysisNeeded, event)], run);
  return `called for the analysis of ${event.payload.assetIds.join(", ")}`;
};
