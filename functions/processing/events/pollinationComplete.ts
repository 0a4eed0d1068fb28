import * as v from "valibot";
import { defineEvent } from "./definition";
import { assetId, dataType, priority } from "./fields";

export const pollinationComplete = defineEvent({
  type: "pollinationComplete",
  source: "signal9.advisor",
  version: "1.0",
  layout: "flat",
  description: "All data that was wanted of a company is stored.",
  payload: v.looseObject({ assetId, dataTypes: v.array(dataType), priority }),
  entity: (payload) => `ASSET#${payload.assetId}`,
});
