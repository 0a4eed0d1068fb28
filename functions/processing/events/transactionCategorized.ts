import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, assignmentType, categoryId, confidence, ledgerSource, ruleId, transactionId } from "./ledgerFields";

export const transactionCategorized = defineEvent({
  type: "transaction.categorized",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "A transaction has been put into a category, by a person or by a rule.",
  payload: v.looseObject({
    transactionId,
    accountId: v.optional(accountId),
    categoryId,
    previousCategoryId: v.optional(categoryId),
    confidence,
    assignmentType,
    ruleId: v.optional(ruleId),
  }),
  entity: (payload) => `TRANSACTION#${payload.transactionId}`,
});
