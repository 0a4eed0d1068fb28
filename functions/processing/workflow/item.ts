import { createHash } from "node:crypto";
import * as v from "valibot";
import { analysisTypes } from "../analysis/schema";
import { assetId } from "../events/fields";
import { validate } from "../events/validate";

const text = v.pipe(v.string("must be a string"), v.minLength(1, "must not be empty"));

/** What every step is told: which company, of which batch, and since when. */
export const itemSchema = v.looseObject({
  assetId,
  batchId: text,
  analysisType: v.picklist(analysisTypes, "must be rule_based or advanced"),
  /** When the batch was called for: the age of data is judged by it, also where a step is repeated later. */
  requestedAt: v.pipe(v.string("must be a string"), v.isoTimestamp("must be an ISO timestamp")),
  correlationId: text,
  /** The event that called for the batch. Executions that began under an older definition do not say. */
  causationId: v.optional(text),
});

export type Item = v.InferOutput<typeof itemSchema>;

export const parseItem = (input: unknown): Item => validate(itemSchema, input, "input");

export const aboutItem = ({ assetId: id, batchId, correlationId, causationId }: Item) => ({
  assetId: id,
  batchId,
  correlationId,
  ...(causationId !== undefined && { causationId }),
});

/** One analysis of one company: the same id however often its steps are repeated. */
export const analysisIdOf = ({ assetId: id, batchId }: Pick<Item, "assetId" | "batchId">): string =>
  createHash("sha256")
    .update(JSON.stringify([id, batchId]))
    .digest("hex")
    .slice(0, 32);
