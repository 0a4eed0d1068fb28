import * as v from "valibot";
import { defineEvent } from "./definition";
import { ledgerSource } from "./ledgerFields";

const named = v.pipe(
  v.string(),
  v.minLength(1, "must not be empty"),
  v.maxLength(128, "must have at most 128 characters"),
);

export const differences = ["missing_events", "missing_direct", "different"] as const;

export const shadowDifference = defineEvent({
  type: "shadow.difference",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "The bus and the direct path were both given an event, and did not make the same of it.",
  payload: v.looseObject({
    eventId: named,
    eventType: named,
    differences: v.pipe(
      v.array(
        v.object({
          consumer: named,
          difference: v.picklist(differences, `must be one of ${differences.join(", ")}`),
          told: v.pipe(v.string(), v.maxLength(1_000, "must have at most 1000 characters")),
        }),
      ),
      v.minLength(1, "must name at least one"),
    ),
  }),
  entity: (payload) => `EVENT#${payload.eventId}`,
});
