import * as v from "valibot";
import { validate } from "./events/validate";
import { notify } from "./workflow/notify";
import { kindOf, standings } from "./workflow/standing";
import { step } from "./workflow/step";
import type { Stored } from "./workflow/store";

/** Executions that began under an older definition say neither to which story they belong, nor all kinds there are. */
const storedSchema: v.GenericSchema<unknown, Stored & { correlationId?: string; causationId?: string }> = v.pipe(
  v.object({
    analysisId: v.string(),
    assetId: v.string(),
    status: v.picklist(["completed", "failed"]),
    investmentRating: v.string(),
    changedFrom: v.string(),
    kind: v.exactOptional(v.picklist([...standings, "failed"])),
    reason: v.string(),
    correlationId: v.exactOptional(v.string()),
    causationId: v.exactOptional(v.string()),
  }),
  v.transform((stored) => ({ ...stored, kind: stored.kind ?? kindOf(stored.status, stored.changedFrom) })),
);

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
