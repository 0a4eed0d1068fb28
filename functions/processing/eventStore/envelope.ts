import type { PendingRow } from "../outbox/record";

/**
 * An event as EventBridge would have written it into a queue, with what else its sender has to say. SQS takes every character
 * that JSON leaves as it is, but for two.
 */
export const envelopeOf = (
  { event_id, event_type, source, detail, occurred_at }: PendingRow,
  more: Record<string, unknown> = {},
): string =>
  JSON.stringify({
    version: "0",
    id: event_id,
    "detail-type": event_type,
    source,
    time: `${occurred_at.slice(0, 19)}Z`,
    resources: [],
    ...more,
    detail: JSON.parse(detail),
  }).replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** Left free in a call for what surrounds an event in a queue's message. */
export const envelopeBytes = 16 * 1024;
