import * as v from "valibot";
import { day } from "../../events/fields";
import { categoryId, confidence, minorUnits, ruleId } from "../../events/ledgerFields";
import { defineOperation } from "../../http/operation";
import { conditionEntries, containsText, regexText, rulePriority } from "../rule";
import { pageOf, pageQuery, ruleParams, version, viewEntries } from "./parts";

export const ruleView = v.object({
  ruleId,
  categoryId,
  ...conditionEntries,
  priority: rulePriority,
  confidence,
  autoApply: v.boolean(),
  ...viewEntries,
});

const autoApply = v.pipe(
  v.boolean("must be true or false"),
  v.description("whether it is applied to what statements bring from now on"),
);

export const listRules = defineOperation({
  id: "listRules",
  route: "GET /rules",
  summary: "Your category rules, oldest first",
  query: pageQuery,
  answer: { status: 200, description: "A page of rules", schema: pageOf(ruleView) },
});

export const createRule = defineOperation({
  id: "createRule",
  route: "POST /rules",
  summary: "Make a rule; every condition that it has must hold, and it has at least one",
  body: v.strictObject({
    categoryId,
    ...conditionEntries,
    priority: v.optional(rulePriority, 100),
    confidence: v.optional(confidence, 1),
    autoApply: v.optional(autoApply, true),
  }),
  answer: { status: 201, description: "The rule", schema: ruleView },
  refusals: [422],
});

export const getRule = defineOperation({
  id: "getRule",
  route: "GET /rules/{ruleId}",
  summary: "One of your rules",
  params: ruleParams,
  answer: { status: 200, description: "The rule", schema: ruleView },
});

export const updateRule = defineOperation({
  id: "updateRule",
  route: "PATCH /rules/{ruleId}",
  summary: "Change a rule; null takes a condition away",
  params: ruleParams,
  body: v.strictObject({
    categoryId: v.optional(categoryId),
    contains: v.optional(v.nullable(containsText)),
    regex: v.optional(v.nullable(regexText)),
    amountFrom: v.optional(v.nullable(minorUnits)),
    amountTo: v.optional(v.nullable(minorUnits)),
    dateFrom: v.optional(v.nullable(day)),
    dateTo: v.optional(v.nullable(day)),
    priority: v.optional(rulePriority),
    confidence: v.optional(confidence),
    autoApply: v.optional(autoApply),
    version,
  }),
  versioned: true,
  answer: { status: 200, description: "The rule as it is now", schema: ruleView },
  refusals: [422],
});

export const deleteRule = defineOperation({
  id: "deleteRule",
  route: "DELETE /rules/{ruleId}",
  summary: "Delete a rule; what it did stays",
  params: ruleParams,
  versioned: true,
  answer: { status: 204, description: "It is gone" },
});

export const applyRules = defineOperation({
  id: "applyRules",
  route: "POST /rules/apply",
  summary: "Apply rules to the transactions that are there; what a person categorised stays",
  body: v.strictObject({
    ruleIds: v.optional(
      v.pipe(
        v.array(ruleId),
        v.minLength(1, "must name at least one rule"),
        v.maxLength(200, "must name at most 200 rules"),
        v.description("all of your rules by default"),
      ),
    ),
    transactions: v.optional(
      v.pipe(
        v.picklist(["uncategorised", "all"], "must be uncategorised or all"),
        v.description("all: also those that a rule categorised before"),
      ),
      "uncategorised",
    ),
    cursor: v.optional(v.pipe(v.string("must be a string"), v.maxLength(2_000, "must have at most 2000 characters"))),
  }),
  answer: {
    status: 200,
    description: "How far it came; call it again with `next` as `cursor` until there is none",
    schema: v.object({
      examined: v.pipe(v.number(), v.integer()),
      categorized: v.pipe(v.number(), v.integer()),
      next: v.optional(v.string()),
    }),
  },
});
