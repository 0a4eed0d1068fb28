import * as v from "valibot";
import { defineEvent } from "./definition";
import { assetId } from "./fields";

export const analysisComplete = defineEvent({
  type: "analysisComplete",
  source: "signal9.advisor",
  version: "1.0",
  layout: "flat",
  description: "A company has been rated, or could not be: the reason says why.",
  payload: v.looseObject({
    analysisId: v.pipe(
      v.string(),
      v.minLength(1, "must not be empty"),
      v.maxLength(128, "must have at most 128 characters"),
    ),
    assetId,
    status: v.picklist(["completed", "failed"], "must be completed or failed"),
    investmentRating: v.optional(v.string()),
    reason: v.optional(v.string()),
  }),
  entity: (payload) => `ASSET#${payload.assetId}`,
});
