import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { dynamodb } from "../aws/dynamodb";
import { readMany } from "../aws/readMany";
import { writeTogether } from "../aws/writeTogether";
import type { Told } from "../consume/consume";
import { inLanes } from "../consume/inLanes";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { catalogue } from "../events/catalogue";
import { type EventDefinition, latestOf, metadataSchema } from "../events/definition";
import { validate } from "../events/validate";
import { causeOf, Failure } from "../failure";
import { expiry } from "../outbox/record";
import { keepDetail } from "./aside";
import { indexed } from "./keys";

/** What EventBridge gives every event. The detail may be whatever its publisher thought of. */
const envelopeSchema = v.pipe(
  v.string(),
  v.parseJson(undefined, "must be JSON"),
  v.object({
    id: v.pipe(v.string(), v.minLength(1, "must not be empty")),
    "detail-type": v.pipe(v.string(), v.minLength(1, "must not be empty")),
    source: v.pipe(v.string(), v.minLength(1, "must not be empty")),
    time: v.pipe(v.string(), v.isoTimestamp("must be an ISO timestamp")),
    "replay-name": v.optional(v.string()),
    detail: v.unknown(),
  }),
);

/** An event as it was seen on the bus. */
export interface Observed extends Told {
  source: string;
  /** What the bus called it. */
  envelopeId: string;
  eventVersion: string | undefined;
  entity: string | undefined;
  detail: string;
}

const { eventId: identifier, eventVersion: version, timestamp: moment } = metadataSchema.entries;

/** The metadata of a detail as far as it is any. */
const carriedBy = (detail: unknown, latest: number) => {
  const given = (typeof detail === "object" && detail !== null ? detail : {}) as Record<string, unknown>;
  const text = (name: string) => (v.is(identifier, given[name]) ? given[name] : undefined);
  return {
    eventId: text("eventId"),
    correlationId: text("correlationId"),
    causationId: text("causationId"),
    userId: text("userId"),
    replayId: text("replayId"),
    eventVersion: v.is(version, given["eventVersion"]) ? given["eventVersion"] : undefined,
    timestamp: v.is(moment, given["timestamp"]) && given["timestamp"] <= latest ? given["timestamp"] : undefined,
    data: given["data"],
  };
};

const known: readonly EventDefinition[] = Object.values(catalogue);

/** What the event is about, where the catalogue can tell. */
const entityOf = (source: string, type: string, detail: unknown, data: unknown): string | undefined => {
  const definition = known.find((one) => one.source === source && one.type === type);
  if (!definition) return undefined;
  const payload = v.safeParse(definition.payload, definition.layout === "data" ? data : detail);
  return payload.success ? definition.entity(payload.output) : undefined;
};

/** Makes sense of any event there may be; what its publisher left out, or wrote in another way than we do, is done without. */
export const readObserved = (body: string): Observed => {
  const envelope = validate(envelopeSchema, body, "event");
  const { source, "detail-type": eventType, detail, id: envelopeId, "replay-name": replayName } = envelope;
  const carried = carriedBy(detail, latestOf(envelope.time));
  const eventId = carried.eventId ?? envelopeId;
  const replayId = carried.replayId ?? replayName;
  return {
    eventId,
    eventType,
    source,
    envelopeId,
    eventVersion: carried.eventVersion,
    timestamp: carried.timestamp ?? Date.parse(envelope.time),
    correlationId: carried.correlationId ?? eventId,
    causationId: carried.causationId,
    userId: carried.userId,
    ...(replayId !== undefined && { replayId }),
    entity: entityOf(source, eventType, detail, carried.data),
    detail: JSON.stringify(detail ?? null),
  };
};

type Stored = Record<string, unknown> | undefined;

const read = async (eventId: string, run: Run): Promise<Stored> => {
  const { Item } = await run.call("GetItem", "dynamodb", () =>
    dynamodb().send(
      new GetCommand({
        TableName: env("EVENT_STORE_TABLE"),
        Key: { event_id: eventId },
        ConsistentRead: true,
        ProjectionExpression: "event_type, #source",
        ExpressionAttributeNames: { "#source": "source" },
      }),
    ),
  );
  return Item;
};

/** False where the id is taken. */
const write = async (eventId: string, event: Observed, run: Run): Promise<boolean> => {
  const occurredAt = new Date(event.timestamp).toISOString();
  const { correlationId, causationId } = event;
  const kept = await keepDetail(event.detail, run);
  const Item = {
    event_id: eventId,
    event_type: event.eventType,
    event_version: event.eventVersion,
    source: event.source,
    entity: event.entity,
    correlation_id: correlationId,
    causation_id: causationId,
    user_id: event.userId,
    occurred_at: occurredAt,
    status: "observed",
    observed_at: new Date(run.now()).toISOString(),
    envelope_id: event.envelopeId,
    ...kept,
    ...indexed({ eventId, occurredAt, correlationId, causationId }),
    ...expiry(run.now()),
  };
  const Put = { TableName: env("EVENT_STORE_TABLE"), Item, ConditionExpression: "attribute_not_exists(event_id)" };
  try {
    await writeTogether([{ Put }], run, "detail" in kept ? kept.detail.length : 0);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.conditionFailed) return false;
    throw error;
  }
};

/** As far as they are in the store, the events of these ids: as ours are before they reach the bus, so one cheap look comes first. */
const lookAt = inLanes(
  (_: string) => "all",
  async (__, eventIds, run): Promise<Stored[]> => {
    const keys = [...new Set(eventIds)].map((event_id) => ({ event_id }));
    const rows = await readMany(env("EVENT_STORE_TABLE"), keys, ["event_id", "event_type", "source"], run);
    const byId = new Map(rows.map((row) => [row["event_id"], row]));
    return eventIds.map((id) => byId.get(id));
  },
);

/** Keeps an event unless it is in the store. One that bears the id of another event is kept under the id that the bus gave it. */
export const observe = async (event: Observed, run: Run): Promise<"known" | "recorded"> => {
  const another = () =>
    new Failure("permanent", "event.id is that of another event", { origin: "input", field: "event.id" });
  for (const eventId of [event.eventId, event.envelopeId]) {
    const there =
      (await lookAt(eventId, run)) ?? ((await write(eventId, event, run)) ? undefined : await read(eventId, run));
    if (!there) return "recorded";
    if (there["source"] === event.source && there["event_type"] === event.eventType) return "known";
    run.log.warn("the event bears the id of another one", { taken: eventId, ...causeOf(another()) });
  }
  throw another();
};
