import type { PendingRow } from "../outbox/record";
import type { StoredEvent } from "./storedEvent";

const parsed = (detail: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(detail);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

/** Why an event cannot be replayed; undefined where it can. */
export const leftOut = ({ status, detail, detail_claim: claim, source }: StoredEvent): string | undefined => {
  if (detail === undefined && !claim) return "entry of the audit trail, never on the bus";
  if (status === "pending") return "not published yet, which the outbox sweeper will do";
  if (source.startsWith("aws.")) return "from AWS itself, which nobody else may publish for";
  if (detail !== undefined && !parsed(detail)) return "its detail is no JSON object";
  return undefined;
};

/**
 * The event as it is sent again: the same id, so that its consumers recognise it, the same time, and the mark of the
 * replay. One that came bare from another team is given the id that the bus gave it then.
 */
export const marked = (
  { event_id, event_type, source, detail, occurred_at }: StoredEvent,
  replayId: string,
): PendingRow => ({
  event_id,
  event_type,
  source,
  detail: JSON.stringify({ ...parsed(detail ?? ""), eventId: event_id, replayId }),
  occurred_at,
});
