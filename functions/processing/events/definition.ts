import * as v from "valibot";
import { dayMs } from "../day";

/**
 * One event of the catalogue. From it come the TypeScript type, the checks on publish and on receipt, the rule's
 * pattern, the schema in the registry and the page for other teams.
 */
export interface EventDefinition<Type extends string = string, Schema extends PayloadSchema = PayloadSchema> {
  /** The detail-type on the bus. */
  readonly type: Type;
  /** EventBridge's source: who publishes it. */
  readonly source: string;
  /** major.minor: a reader accepts every minor of the majors it knows. */
  readonly version: `${number}.${number}`;
  /** `flat`: the payload's fields lie beside the metadata in the detail; `data`: under `detail.data`. */
  readonly layout: "flat" | "data";
  readonly description: string;
  readonly payload: Schema;
  /** What the event is about, as `KIND#id`: the key by which its history is found. */
  entity(payload: v.InferOutput<Schema>): string;
}

export type PayloadSchema = v.GenericSchema<Record<string, unknown>, Record<string, unknown>>;

export type PayloadOf<D extends EventDefinition> = v.InferOutput<D["payload"]>;

export const defineEvent = <const Type extends string, Schema extends PayloadSchema>(
  definition: EventDefinition<Type, Schema>,
): EventDefinition<Type, Schema> => definition;

export const hears = (accepted: readonly EventDefinition[], eventType: string): boolean =>
  accepted.some(({ type }) => type === eventType);

const identifier = v.pipe(
  v.string(),
  v.minLength(1, "must not be empty"),
  v.maxLength(128, "must have at most 128 characters"),
);

const moment = "must be a moment in milliseconds since 1970";

/** What every event carries besides its payload. */
export const metadataSchema = v.object({
  eventId: identifier,
  eventType: identifier,
  eventVersion: v.pipe(v.string(), v.regex(/^\d{1,4}\.\d{1,4}$/, "must look like 1.0")),
  timestamp: v.pipe(v.number(moment), v.integer(moment), v.minValue(0, moment), v.maxValue(8.64e15, moment)),
  correlationId: identifier,
  causationId: v.optional(identifier),
  userId: v.optional(identifier),
  /** Sent again, by this replay of what happened before: consumers that had their effect know the event by its id. */
  replayId: v.optional(identifier),
});

export type Metadata = v.InferOutput<typeof metadataSchema>;

export const metadataFields = Object.keys(metadataSchema.entries) as (keyof Metadata)[];

/** Clocks of publishers may be ahead by so much. */
const aheadMs = dayMs;

/** The latest that what the bus was given at a time can have happened. */
export const latestOf = (time: string): number => Date.parse(time) + aheadMs;

/** An event as the program handles it, whatever its layout on the bus. */
export interface PlatformEvent<D extends EventDefinition = EventDefinition> extends Metadata {
  readonly source: string;
  readonly payload: PayloadOf<D>;
}
