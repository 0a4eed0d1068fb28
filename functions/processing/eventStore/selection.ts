import { indexes, partitionsOf } from "./keys";
import type { StoredEvent } from "./storedEvent";

/** Which events are meant: all that is given must fit. */
export interface Selection {
  type?: string;
  entity?: string;
  correlationId?: string;
  userId?: string;
  /** Milliseconds; this moment is included. */
  from: number;
  /** Milliseconds; this moment is not included. */
  to: number;
}

/** The last moment whose ISO form sorts as the others do. */
export const endOfTime = Date.parse("9999-12-31T23:59:59.999Z");
export const always = { from: 0, to: endOfTime } as const;

/** A stretch of an index: partitions that are read side by side. */
export interface Stretch {
  index: string;
  attribute: string;
  partitions: readonly string[];
}

const dayMs = 86_400_000;

/** Whether a selection names no partition of an index. */
export const isByDay = ({ correlationId, entity, userId }: Selection): boolean =>
  correlationId === undefined && entity === undefined && userId === undefined;

/** Where a selection's events lie: in one partition where it names one, otherwise day by day. */
export function* stretchesOf(selection: Selection, newestFirst: boolean): Generator<Stretch> {
  const { correlationId, entity, userId, from, to } = selection;
  if (correlationId !== undefined) {
    yield { index: indexes.correlation, attribute: "correlation_id", partitions: [correlationId] };
  } else if (entity !== undefined) {
    yield { index: indexes.entity, attribute: "entity", partitions: [entity] };
  } else if (userId !== undefined) {
    yield { index: indexes.user, attribute: "user_id", partitions: [userId] };
  } else {
    const first = Math.floor(from / dayMs);
    const last = Math.floor((to - 1) / dayMs);
    for (let step = 0; step <= last - first; step++) {
      const day = newestFirst ? last - step : first + step;
      const name = new Date(day * dayMs).toISOString().slice(0, 10);
      yield { index: indexes.day, attribute: "day_shard", partitions: partitionsOf(name) };
    }
  }
}

/** Whether an event that lies in a selection's stretch belongs to it altogether. */
export const fits = (event: StoredEvent, { type, entity, correlationId, userId }: Selection): boolean =>
  (type ?? event.event_type) === event.event_type &&
  (correlationId ?? event.correlation_id) === event.correlation_id &&
  (entity === undefined || entity === event.entity) &&
  (userId === undefined || userId === event.user_id);
