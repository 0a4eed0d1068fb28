import * as v from "valibot";
import { defineEvent } from "./definition";
import { categoryId, ledgerSource, ruleId, transactionIds } from "./ledgerFields";

export const categoryRulesApplied = defineEvent({
  type: "category.rules_applied",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "Rules have put transactions into a category.",
  payload: v.looseObject({
    categoryId,
    ruleIds: v.pipe(v.array(ruleId), v.maxLength(1_000, "must name at most 1000 rules")),
    transactionIds,
    applicationType: v.picklist(["manual", "bulk", "automated"], "must be manual, bulk or automated"),
  }),
  entity: (payload) => `CATEGORY#${payload.categoryId}`,
});
