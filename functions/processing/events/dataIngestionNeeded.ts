import * as v from "valibot";
import { defineEvent } from "./definition";
import { assetId, dataType, priority } from "./fields";

export const dataIngestionNeeded = defineEvent({
  type: "dataIngestionNeeded",
  source: "signal9.advisor",
  version: "1.0",
  layout: "flat",
  description: "One type of a company's data is to be fetched from its provider, as soon as budget and priority allow.",
  payload: v.looseObject({ assetId, dataType, priority: v.optional(priority, "medium") }),
  entity: (payload) => `ASSET#${payload.assetId}`,
});
