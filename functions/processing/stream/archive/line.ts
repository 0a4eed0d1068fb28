import type { EnrichedEvent } from "../enrich/enrich";

/** The archive's columns, as Athena reads them: the Glue table is made from this list. */
export const columns = {
  event_id: "string",
  event_type: "string",
  event_version: "string",
  occurred_at: "bigint",
  received_at: "bigint",
  experiment_id: "string",
  experiment_name: "string",
  experiment_status: "string",
  user_id: "string",
  variant: "string",
  assigned_variant: "string",
  assigned_at: "bigint",
  since_assignment_ms: "bigint",
  goal: "string",
  metric: "string",
  value: "double",
  properties: "string",
  other: "string",
} as const;

type Line = Partial<Record<keyof typeof columns, unknown>>;

const known = new Set([
  "eventId",
  "eventType",
  "eventVersion",
  "timestamp",
  "experimentId",
  "userId",
  "variant",
  "goal",
  "metric",
  "value",
  "properties",
]);

/** Fields that are not known here are kept under `other`, as nested as they came. */
const otherFields = (event: Record<string, unknown>): Record<string, unknown> | undefined => {
  let others: Record<string, unknown> | undefined;
  for (const name of Object.keys(event)) {
    if (known.has(name)) continue;
    others ??= Object.create(null) as Record<string, unknown>;
    others[name] = event[name];
  }
  return others;
};

export interface Archivable extends EnrichedEvent {
  /** When the stream took it in. */
  arrivedAt: number;
}

/** One line of an archive object. */
export const lineOf = ({ event, variant, experiment, assignment, arrivedAt }: Archivable): string => {
  const line: Line = {
    event_id: event.eventId,
    event_type: event.eventType,
    event_version: event.eventVersion,
    occurred_at: event.timestamp,
    received_at: arrivedAt,
    experiment_id: event.experimentId,
    experiment_name: experiment?.name,
    experiment_status: experiment?.status,
    user_id: event.userId,
    variant,
    assigned_variant: assignment?.variant,
    assigned_at: assignment?.assignedAt,
    since_assignment_ms: assignment?.sinceMs,
    goal: event.eventType === "conversion" ? event.goal : undefined,
    metric: event.eventType === "metric" ? event.metric : undefined,
    value: event.eventType === "exposure" ? undefined : event.value,
    properties: event.properties,
    other: otherFields(event),
  };
  return `${JSON.stringify(line)}\n`;
};
