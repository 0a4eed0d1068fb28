import * as v from "valibot";
import { defineEvent } from "./definition";
import { categoryId, ledgerSource, ruleId } from "./ledgerFields";

export const categoryRuleCreated = defineEvent({
  type: "category.rule_created",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "Somebody made a rule that puts transactions into a category.",
  payload: v.looseObject({
    categoryId,
    ruleId,
    rulePattern: v.pipe(v.string("must be a string"), v.maxLength(1_000, "must have at most 1000 characters")),
    autoApply: v.boolean("must be true or false"),
  }),
  entity: (payload) => `RULE#${payload.ruleId}`,
});
