import * as v from "valibot";
import { Failure } from "../failure";
import {
  type EventDefinition,
  latestOf,
  type Metadata,
  metadataFields,
  metadataSchema,
  type PlatformEvent,
} from "./definition";
import { validate } from "./validate";

const envelopeSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1, "must not be empty")),
  "detail-type": v.string(),
  source: v.string(),
  time: v.pipe(v.string(), v.isoTimestamp("must be an ISO timestamp")),
  /** EventBridge's own mark of what it replays from its archive. */
  "replay-name": v.optional(v.string()),
  detail: v.record(v.string(), v.unknown()),
});

const major = (version: string): number => Number(version.split(".")[0]);

/** Reads the text of an EventBridge envelope. */
const parseEnvelope = (body: string): v.InferOutput<typeof envelopeSchema> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new Failure("validation", "event must be JSON", { origin: "input", field: "event" });
  }
  return validate(envelopeSchema, parsed, "event");
};

/**
 * Turns what EventBridge delivered into an event that one of `accepted` describes. Metadata that the publisher left out
 * is taken from the envelope, so that a bare event of another team is as good as ours.
 */
export const receive = <D extends EventDefinition>(body: string, accepted: readonly D[]): PlatformEvent<D> => {
  const envelope = parseEnvelope(body);
  const definition = accepted.find((candidate) => candidate.type === envelope["detail-type"]);
  if (!definition) {
    throw new Failure("validation", `event.detail-type must be one of ${accepted.map((one) => one.type).join(", ")}`, {
      origin: "input",
      field: "event.detail-type",
    });
  }
  const { detail, "replay-name": replayName } = envelope;
  const carried = Object.fromEntries(
    metadataFields.filter((name) => name in detail).map((name) => [name, detail[name]]),
  );
  const eventId = typeof carried["eventId"] === "string" && carried["eventId"] ? carried["eventId"] : envelope.id;
  const metadata: Metadata = validate(
    metadataSchema,
    {
      eventId,
      eventType: definition.type,
      eventVersion: definition.version,
      timestamp: Date.parse(envelope.time),
      correlationId: eventId,
      ...(replayName && { replayId: replayName }),
      ...carried,
    },
    "detail",
  );
  if (metadata.eventType !== definition.type) {
    throw new Failure("validation", "detail.eventType must equal the event's detail-type", {
      origin: "input",
      field: "detail.eventType",
    });
  }
  // One that is later than all others would never be overtaken by what really happens.
  if (metadata.timestamp > latestOf(envelope.time)) {
    throw new Failure("validation", "detail.timestamp must be at most a day after the event was published", {
      origin: "input",
      field: "detail.timestamp",
    });
  }
  if (major(metadata.eventVersion) > major(definition.version)) {
    throw new Failure(
      "permanent",
      `detail.eventVersion is newer than ${definition.version}, the newest ${definition.type} known here: quarantined`,
      { origin: "input", field: "detail.eventVersion" },
    );
  }
  const payload =
    definition.layout === "data"
      ? validate(definition.payload, detail["data"], "detail.data")
      : validate(definition.payload, withoutMetadata(detail), "detail");
  return { ...metadata, source: envelope.source, payload };
};

const withoutMetadata = (detail: Record<string, unknown>): Record<string, unknown> => {
  const names = new Set<string>(metadataFields);
  return Object.fromEntries(Object.entries(detail).filter(([name]) => !names.has(name)));
};
