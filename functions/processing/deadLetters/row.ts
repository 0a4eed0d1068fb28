import type { Attributes } from "./delivery";
import type { Letter } from "./letter";
import type { LetterCategory } from "./reason";

export const statusIndex = "by-status";
export const originIndex = "by-origin";

export const statuses = ["waiting", "redriven", "discarded"] as const;
export type Status = (typeof statuses)[number];

/** What the letter holds, in the row itself or, where that is too much for a row, in an object of its own. */
export type Payload = { body: string; attributes: Attributes } | { payload_key: string };

interface About {
  letter_id: string;
  /** The consumer or schedule. */
  origin: string;
  /** ARN of the dead letter queue that it was taken from last. */
  origin_queue: string;
  /** ARN of the queue, or of the function, that gets it once more. */
  source: string;
  status: Status;
  category: LetterCategory;
  reason: string;
  field?: string;
  trigger?: string;
  bytes: number;
  event_id?: string;
  event_type?: string;
  correlation_id?: string;
  receive_count: number;
  sent_at: string;
  failed_at: string;
  first_seen: string;
  last_seen: string;
  /** How often it died. */
  count: number;
  /** The last times that it came, so that one which is delivered again is not counted again. */
  arrivals: string[];
  version: number;
  redrives: number;
  /** While somebody redrives it: who, and until when nobody else may. */
  redrive_owner?: string;
  redrive_until?: number;
  /** Once it is redriven or discarded. */
  ended_at?: string;
  ended_by?: string;
  note?: string;
  /** Set when it has ended: an open letter is kept for ever. */
  expires_at?: number;
}

export type DeadLetterRow = About & Payload;

const arrivalsKept = 50;

const contents = (letter: Letter, payload: Payload) => ({
  letter_id: letter.letterId,
  origin: letter.origin,
  origin_queue: letter.originQueue,
  source: letter.source,
  status: "waiting" as const,
  category: letter.category,
  reason: letter.reason,
  ...(letter.field !== undefined && { field: letter.field }),
  ...(letter.trigger !== undefined && { trigger: letter.trigger }),
  bytes: Buffer.byteLength(letter.body),
  ...(letter.event.eventId !== undefined && { event_id: letter.event.eventId }),
  ...(letter.event.eventType !== undefined && { event_type: letter.event.eventType }),
  ...(letter.event.correlationId !== undefined && { correlation_id: letter.event.correlationId }),
  receive_count: letter.receiveCount,
  sent_at: letter.sentAt,
  failed_at: letter.failedAt,
  ...payload,
});

export const hasArrived = (row: DeadLetterRow | undefined, { arrival }: Letter): boolean =>
  row?.arrivals.includes(arrival) ?? false;

/** The row once the letter has come, for the first time or once more: in either case it waits. */
export const arrived = (
  row: DeadLetterRow | undefined,
  letter: Letter,
  payload: Payload,
  now: number,
): DeadLetterRow => {
  const seen = new Date(now).toISOString();
  return {
    ...contents(letter, payload),
    first_seen: row?.first_seen ?? seen,
    last_seen: seen,
    count: (row?.count ?? 0) + 1,
    arrivals: [...(row?.arrivals ?? []), letter.arrival].slice(-arrivalsKept),
    version: (row?.version ?? 0) + 1,
    redrives: row?.redrives ?? 0,
  };
};
