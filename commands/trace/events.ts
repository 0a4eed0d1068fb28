import type { StoredEvent } from "../../functions/processing/eventStore/storedEvent";
import { whatHappened } from "../events/print";
import type { Step } from "./step";

/** An event as a step: who published it, about what, and what became of it. */
export const eventStep = (event: StoredEvent): Step => ({
  at: Date.parse(event.occurred_at),
  kind: "event",
  where: event.source,
  what: [whatHappened(event), event.entity ?? "", event.status === "recorded" ? "" : event.status]
    .filter(Boolean)
    .join("  "),
  correlationId: event.correlation_id,
  eventId: event.event_id,
  ...(event.causation_id !== undefined && { causationId: event.causation_id }),
  more: { type: event.event_type, status: event.status, ...(event.user_id !== undefined && { userId: event.user_id }) },
});
