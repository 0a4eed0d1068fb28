import * as v from "valibot";
import { defineEvent } from "./definition";
import { assetId, priority } from "./fields";

/** How many companies are analysed together at most. */
export const largestBatch = 8;

const batchSize = `must be a whole number from 1 to ${largestBatch}`;

export const analysisNeeded = defineEvent({
  type: "analysisNeeded",
  source: "signal9.advisor",
  version: "1.0",
  layout: "flat",
  description: "These companies are to be rated; their data is stored.",
  payload: v.looseObject({
    assetIds: v.pipe(
      v.array(assetId),
      v.minLength(1, "must name at least one company"),
      v.maxLength(1_000, "must name at most 1000 companies"),
      v.transform((ids) => [...new Set(ids)]),
    ),
    batchSize: v.pipe(
      v.number(batchSize),
      v.integer(batchSize),
      v.minValue(1, batchSize),
      v.maxValue(largestBatch, batchSize),
    ),
    analysisType: v.picklist(["rule_based", "advanced"], "must be rule_based or advanced"),
    priority,
  }),
  entity: ({ assetIds: [first = ""] }) => `ASSET#${first}`,
});
