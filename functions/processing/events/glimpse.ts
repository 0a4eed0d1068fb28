import * as v from "valibot";

/** What can be told of an event that may be broken. */
export interface Glimpse {
  eventId?: string;
  eventType?: string;
  correlationId?: string;
  causationId?: string;
}

const text = v.optional(v.fallback(v.optional(v.string()), undefined));
const envelopeSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    id: text,
    "detail-type": text,
    detail: v.optional(v.fallback(v.object({ eventId: text, correlationId: text, causationId: text }), {}), {}),
  }),
);

/** Looks into the body of a message, however broken it is. */
export const glimpse = (body: string): Glimpse => {
  const result = v.safeParse(envelopeSchema, body);
  if (!result.success) return {};
  const { id, "detail-type": eventType, detail } = result.output;
  const { causationId } = detail;
  const eventId = detail.eventId || id;
  // As receive() has it: what names no story begins its own.
  const correlationId = detail.correlationId || eventId;
  return {
    ...(eventId && { eventId }),
    ...(eventType && { eventType }),
    ...(correlationId && { correlationId }),
    ...(causationId && { causationId }),
  };
};
