import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { PendingRow } from "../outbox/record";
import { envelopeOf } from "./envelope";

/** Where a replay goes. */
export interface Destination {
  /** In words: `the bus`, `consumer ingestion`. */
  name: string;
  /** Whether it wants such an event. */
  wants: (event: { source: string; event_type: string }) => boolean;
  /** Sends up to ten events once; answers in their order: a code for each that was refused. */
  send: (events: readonly PendingRow[], replayId: string) => Promise<(string | undefined)[]>;
}

/** Everybody who subscribes gets the events again. */
export const toBus = (client: EventBridgeClient, bus: string): Destination => ({
  name: "the bus",
  wants: () => true,
  send: async (events) => {
    const answer = await client.send(
      new PutEventsCommand({
        Entries: events.map(({ source, event_type, detail, occurred_at }) => ({
          EventBusName: bus,
          Source: source,
          DetailType: event_type,
          Detail: detail,
          Time: new Date(occurred_at),
        })),
      }),
    );
    return events.map((_, at) => answer.Entries?.[at]?.ErrorCode);
  },
});

export interface Subscription {
  consumer: string;
  /** The pattern of its rule. */
  pattern: string;
  queueUrl: string;
}

const accepts = (wanted: unknown, value: string): boolean =>
  !Array.isArray(wanted) ||
  wanted.some((one) => (typeof one === "string" ? one === value : value.startsWith(String(one?.prefix ?? ""))));

/** Only this consumer gets the events again, and of them only those that its rule would let through. */
export const toConsumer = (client: SQSClient, { consumer, pattern, queueUrl }: Subscription): Destination => {
  const rule = JSON.parse(pattern) as Record<string, unknown>;
  return {
    name: `consumer ${consumer}`,
    wants: ({ source, event_type }) => accepts(rule["source"], source) && accepts(rule["detail-type"], event_type),
    send: async (events, replayId) => {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: events.map((event, at) => ({
            Id: String(at),
            MessageBody: envelopeOf(event, { "replay-name": replayId }),
          })),
        }),
      );
      return events.map((_, at) => Failed.find(({ Id }) => Id === String(at))?.Code);
    },
  };
};
