import * as v from "valibot";
import { validate } from "./events/validate";
import { notify } from "./workflow/notify";
import { step } from "./workflow/step";
import type { Stored } from "./workflow/store";

/** Executions that began under an older definition do not say to which story they belong. */
const storedSchema: v.GenericSchema<unknown, Stored & { correlationId?: string; causationId?: string }> = v.object({
  analysisId: v.string(),
  assetId: v.string(),
  status: v.picklist(["completed", "failed"]),
  investmentRating: v.string(),
  changedFrom: v.string(),
  reason: v.string(),
  correlationId: v.exactOptional(v.string()),
  causationId: v.exactOptional(v.string()),
});

export const notification = step({
  name: "notification",
  parse: (input) => validate(storedSchema, input, "input"),
  about: ({ assetId, analysisId, correlationId, causationId }) => ({
    assetId,
    analysisId,
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
  }),
  work: notify,
});
