import { Failure } from "../failure";
import { limits } from "../limits";
import type { EventDefinition, Metadata, PayloadOf, PlatformEvent } from "./definition";
import { metadataSchema } from "./definition";
import { validate } from "./validate";

export interface EventContext {
  eventId: string;
  timestamp: number;
  correlationId?: string;
  causationId?: string;
  userId?: string;
}

/** Makes an event that is certain to be accepted by its readers, or throws a Failure that names the field. */
export const createEvent = <D extends EventDefinition>(
  definition: D,
  payload: PayloadOf<D>,
  context: EventContext,
): PlatformEvent<D> => {
  const metadata: Metadata = validate(
    metadataSchema,
    {
      ...context,
      correlationId: context.correlationId ?? context.eventId,
      eventType: definition.type,
      eventVersion: definition.version,
    },
    "event",
  );
  const event: PlatformEvent<D> = {
    ...metadata,
    source: definition.source,
    payload: validate(definition.payload, payload, "event.payload"),
  };
  const bytes = Buffer.byteLength(JSON.stringify(toDetail(definition, event)));
  if (bytes > limits.eventBytes) {
    throw new Failure("validation", `event.payload must fit ${limits.eventBytes} bytes, has ${bytes}`, {
      origin: "input",
      field: "event.payload",
    });
  }
  return event;
};

/** The detail as it travels: the metadata, and the payload in the layout of its definition. */
export const toDetail = <D extends EventDefinition>(
  definition: D,
  { payload, source, ...metadata }: PlatformEvent<D>,
): Record<string, unknown> =>
  definition.layout === "data" ? { ...metadata, source, data: payload } : { ...payload, ...metadata };
