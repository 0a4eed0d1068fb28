import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { markerOf } from "../../functions/processing/batching/gather";
import type { StoredEvent } from "../../functions/processing/eventStore/storedEvent";
import { readStoryOf, type Story } from "../../functions/processing/eventStore/story";
import { pollinationComplete } from "../../functions/processing/events/pollinationComplete";
import type { Platform } from "../platform";

/** Batches that were called for because of several companies: in the story of each of them. */
const gatheredInto =
  ({ dynamodb, table }: Platform) =>
  async (events: readonly StoredEvent[]): Promise<string[]> => {
    const completions = events.filter(({ event_type }) => event_type === pollinationComplete.type);
    const batches: string[] = [];
    for (let at = 0; at < completions.length; at += 100) {
      const Keys = completions
        .slice(at, at + 100)
        .map(({ event_id }) => ({ effect_id: markerOf({ eventId: event_id }) }));
      const name = table("effects");
      const { Responses = {} } = await dynamodb.send(new BatchGetCommand({ RequestItems: { [name]: { Keys } } }));
      batches.push(...(Responses[name] ?? []).map(({ batch_id }) => String(batch_id)));
    }
    return batches;
  };

export const storyOf = (platform: Platform, correlationId: string, most: number): Promise<Story> =>
  readStoryOf(
    { client: platform.dynamodb, table: platform.table("event-store") },
    correlationId,
    most,
    gatheredInto(platform),
  );
