import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { indexed } from "./keys";
import type { EventStore } from "./read";
import type { Selection } from "./selection";

interface Replay {
  replayId: string;
  selection: Selection;
  destination: string;
  events: number;
  now: number;
}

/** Writes down that a replay is about to begin: whoever meets its mark finds here what it was. */
export const recordReplay = async (
  { client, table }: EventStore,
  { replayId, selection, destination, events, now }: Replay,
): Promise<void> => {
  const occurredAt = new Date(now).toISOString();
  await client.send(
    new PutCommand({
      TableName: table,
      Item: {
        event_id: replayId,
        event_type: "events.replayed",
        source: "signal9.operator",
        entity: `REPLAY#${replayId}`,
        correlation_id: replayId,
        occurred_at: occurredAt,
        status: "recorded",
        selection,
        destination,
        events,
        ...indexed({ eventId: replayId, occurredAt, correlationId: replayId }),
      },
      ConditionExpression: "attribute_not_exists(event_id)",
    }),
  );
};
