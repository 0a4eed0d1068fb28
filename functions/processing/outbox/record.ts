import type { TransactItem } from "../aws/transact";
import { env } from "../environment";
import { indexed, spread } from "../eventStore/keys";
import { toDetail } from "../events/create";
import type { EventDefinition, PlatformEvent } from "../events/definition";

export const pendingIndex = "pending";
const shards = 8;

/** Pending events are spread over a few partitions, so that no single one bounds how many may be published a second. */
const shardOf = (eventId: string): string => `PENDING#${spread(eventId, shards)}`;

/** What went by two paths lies in this index until they were compared. */
export const shadowIndex = "shadow";
export const shadowShardOf = (eventId: string): string => `SHADOW#${spread(eventId, shards)}`;

/** A row of the event store that has yet to reach the bus. */
export interface PendingRow {
  event_id: string;
  event_type: string;
  source: string;
  detail: string;
  occurred_at: string;
}

const day = 86_400;

/** Epoch seconds after which the row may go, or nothing where events are kept for ever. */
export const expiry = (timestamp: number): { expires_at?: number } => {
  const days = Number(env("EVENT_RETENTION_DAYS"));
  return days > 0 ? { expires_at: Math.floor(timestamp / 1_000) + days * day } : {};
};

const row = <D extends EventDefinition>(definition: D, event: PlatformEvent<D>) => {
  const occurredAt = new Date(event.timestamp).toISOString();
  return {
    event_id: event.eventId,
    event_type: event.eventType,
    event_version: event.eventVersion,
    source: event.source,
    entity: definition.entity(event.payload),
    correlation_id: event.correlationId,
    causation_id: event.causationId,
    user_id: event.userId,
    occurred_at: occurredAt,
    detail: JSON.stringify(toDetail(definition, event)),
    ...indexed({ ...event, occurredAt }),
    ...expiry(event.timestamp),
  };
};

/** The same event as `publish` takes it, once it is stored. */
export const pendingRow = <D extends EventDefinition>(definition: D, event: PlatformEvent<D>): PendingRow =>
  row(definition, event);

export const pendingItem = <D extends EventDefinition>(definition: D, event: PlatformEvent<D>) => ({
  ...row(definition, event),
  status: "pending",
  outbox: shardOf(event.eventId),
});

/** A row as a change left it, or without `after` its end: never published, kept so that state can be rebuilt. */
export interface Image {
  /** Label of the table. */
  table: string;
  key: Record<string, string>;
  /** Of images of one row the highest counts, in whatever order they are read. */
  version: number;
  after?: Record<string, unknown>;
}

/** Goes into the same transaction as the state change it tells of. */
export const pendingEvent = <D extends EventDefinition>(
  definition: D,
  event: PlatformEvent<D>,
  images: readonly Image[] = [],
): TransactItem => ({
  Put: {
    TableName: env("EVENT_STORE_TABLE"),
    Item: { ...pendingItem(definition, event), ...(images.length > 0 && { images }) },
    ConditionExpression: "attribute_not_exists(event_id)",
  },
});

export interface Change {
  /** Derived from what caused the change, so that a second attempt writes the same entry. */
  id: string;
  entity: string;
  type: string;
  fields: { field: string; oldValue: unknown; newValue: unknown }[];
  /** The state after the change, of one row or of several: never published, kept so that state can be rebuilt. */
  after?: Record<string, unknown>;
  images?: readonly Image[];
  at: number;
  by: string;
  cause: Pick<PlatformEvent, "eventId" | "correlationId"> & { userId?: string | undefined };
}

/** An audit entry for a change of state: stored beside the events, not published. */
export const auditEntry = ({ id, type, by, entity, cause, at, fields, after, images }: Change): TransactItem => {
  const occurredAt = new Date(at).toISOString();
  return {
    Put: {
      TableName: env("EVENT_STORE_TABLE"),
      Item: {
        event_id: id,
        event_type: type,
        source: by,
        entity,
        correlation_id: cause.correlationId,
        causation_id: cause.eventId,
        user_id: cause.userId,
        occurred_at: occurredAt,
        status: "recorded",
        changes: fields,
        after,
        images,
        ...indexed({ eventId: id, occurredAt, correlationId: cause.correlationId }),
        ...expiry(at),
      },
      ConditionExpression: "attribute_not_exists(event_id)",
    },
  };
};
