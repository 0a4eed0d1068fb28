import * as v from "valibot";
import { validate } from "./events/validate";
import { notify } from "./workflow/notify";
import { step } from "./workflow/step";
import type { Stored } from "./workflow/store";

const storedSchema: v.GenericSchema<unknown, Stored> = v.object({
  analysisId: v.string(),
  assetId: v.string(),
  status: v.picklist(["completed", "failed"]),
  investmentRating: v.string(),
  changedFrom: v.string(),
  reason: v.string(),
});

export const notification = step({
  name: "notification",
  parse: (input) => validate(storedSchema, input, "input"),
  about: ({ assetId, analysisId }) => ({ assetId, analysisId }),
  work: notify,
});
