import * as v from "valibot";
import { day } from "../events/fields";
import { categoryId, confidence, minorUnits, ruleId } from "../events/ledgerFields";
import { rowEntries } from "./row";
import { freeText } from "./text";

export const containsText = v.pipe(
  freeText,
  v.minLength(1, "must not be empty"),
  v.maxLength(200, "must have at most 200 characters"),
  v.description("is part of the description, whatever the case of its letters"),
);

export const regexText = v.pipe(
  freeText,
  v.minLength(1, "must not be empty"),
  v.maxLength(200, "must have at most 200 characters"),
  v.description("is found in the description, whatever the case of its letters"),
);

/** Every condition that is given must hold; at least one is. Both ends of a range belong to it. */
export const conditionEntries = {
  contains: v.optional(containsText),
  regex: v.optional(regexText),
  amountFrom: v.optional(minorUnits),
  amountTo: v.optional(minorUnits),
  dateFrom: v.optional(day),
  dateTo: v.optional(day),
};

const priorityRule = "must be a whole number from 0 to 1000";
export const rulePriority = v.pipe(
  v.number(priorityRule),
  v.integer(priorityRule),
  v.minValue(0, priorityRule),
  v.maxValue(1_000, priorityRule),
  v.description("of several rules that match, the one with the highest counts"),
);

export const ruleSchema = v.object({
  ...rowEntries,
  rule_key: v.string(),
  ruleId,
  categoryId,
  ...conditionEntries,
  priority: rulePriority,
  confidence,
  /** Whether it is applied to what arrives later. */
  autoApply: v.boolean(),
});

export type Rule = v.InferOutput<typeof ruleSchema>;
export type Conditions = Pick<Rule, "contains" | "regex" | "amountFrom" | "amountTo" | "dateFrom" | "dateTo">;
