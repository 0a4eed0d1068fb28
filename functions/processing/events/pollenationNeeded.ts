import * as v from "valibot";
import { defineEvent } from "./definition";
import { assetId, dataType, priority } from "./fields";

export const pollenationNeeded = defineEvent({
  type: "pollenationNeeded",
  source: "signal9.advisor",
  version: "1.0",
  layout: "flat",
  description: "Fresh data of a company is wanted. What is stale of it will be fetched; what is fresh will not.",
  payload: v.looseObject({
    assetId,
    dataTypes: v.pipe(
      v.array(dataType),
      v.minLength(1, "must name at least one type of data"),
      v.maxLength(16, "must name at most 16 types of data"),
      v.transform((types) => [...new Set(types)]),
    ),
    priority,
    source: v.optional(v.pipe(v.string("must be a string"), v.maxLength(128, "must have at most 128 characters"))),
    triggerTime: v.optional(v.pipe(v.string("must be a string"), v.isoTimestamp("must be an ISO timestamp"))),
  }),
  entity: (payload) => `ASSET#${payload.assetId}`,
});
