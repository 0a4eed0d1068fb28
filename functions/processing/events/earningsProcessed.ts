import * as v from "valibot";
import { defineEvent } from "./definition";
import { assetId, day } from "./fields";

export const earningsProcessed = defineEvent({
  type: "earningsProcessed",
  source: "signal9.advisor",
  version: "1.0",
  layout: "flat",
  description: "A company's reported quarter has been ingested; its entry in the earnings calendar can be closed.",
  payload: v.looseObject({ assetId, earningsDate: day }),
  entity: (payload) => `EARNINGS#${payload.assetId}#${payload.earningsDate}`,
});
