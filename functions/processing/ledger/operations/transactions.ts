import * as v from "valibot";
import { day } from "../../events/fields";
import {
  accountId,
  assignmentType,
  categoryId,
  confidence,
  fileId,
  minorUnits,
  ruleId,
  transactionId,
} from "../../events/ledgerFields";
import { defineOperation } from "../../http/operation";
import { amount, currency } from "../money";
import { description, note } from "../transaction";
import { bulkAnswer, bulkIds, pageEntries, pageOf, transactionParams, version, viewEntries } from "./parts";

export const transactionView = v.object({
  transactionId,
  accountId: v.optional(accountId),
  fileId,
  date: day,
  amount: minorUnits,
  currency,
  description,
  note: v.optional(note),
  reference: v.optional(v.string()),
  categoryId: v.optional(categoryId),
  assignment: v.optional(v.object({ type: assignmentType, confidence, ruleId: v.optional(ruleId) })),
  ...viewEntries,
});

/** What its owner may change of a transaction. Null takes a value away. */
const editEntries = {
  date: v.optional(day),
  amount: v.optional(amount),
  description: v.optional(description),
  note: v.optional(v.nullable(note)),
  accountId: v.optional(accountId),
  categoryId: v.optional(v.nullable(categoryId)),
};

export const transactionQuery = v.pipe(
  v.strictObject({
    ...pageEntries,
    accountId: v.optional(accountId),
    categoryId: v.optional(categoryId),
    fileId: v.optional(fileId),
    from: v.optional(day),
    to: v.optional(day),
    order: v.optional(v.picklist(["newest", "oldest"], "must be newest or oldest"), "newest"),
  }),
  v.forward(
    v.partialCheck(
      [["from"], ["to"]],
      ({ from, to }) => from === undefined || to === undefined || from <= to,
      "must not be before from",
    ),
    ["to"],
  ),
);

export const listTransactions = defineOperation({
  id: "listTransactions",
  route: "GET /transactions",
  summary: "Your transactions in order of their days, of one account, category or file, or of all",
  query: transactionQuery,
  answer: { status: 200, description: "A page of transactions", schema: pageOf(transactionView) },
});

export const getTransaction = defineOperation({
  id: "getTransaction",
  route: "GET /transactions/{transactionId}",
  summary: "One of your transactions",
  params: transactionParams,
  answer: { status: 200, description: "The transaction", schema: transactionView },
});

export const editTransaction = defineOperation({
  id: "editTransaction",
  route: "PATCH /transactions/{transactionId}",
  summary: "Edit a transaction; null takes a value away",
  params: transactionParams,
  body: v.strictObject({ ...editEntries, version }),
  versioned: true,
  answer: { status: 200, description: "The transaction as it is now", schema: transactionView },
  refusals: [422],
});

export const deleteTransaction = defineOperation({
  id: "deleteTransaction",
  route: "DELETE /transactions/{transactionId}",
  summary: "Delete a transaction; the next statement does not bring it back",
  params: transactionParams,
  versioned: true,
  answer: { status: 204, description: "It is gone" },
});

export const editTransactions = defineOperation({
  id: "editTransactions",
  route: "POST /transactions/bulk-edit",
  summary: "Make the same edit to many transactions",
  body: v.strictObject({ transactionIds: bulkIds, edit: v.strictObject(editEntries) }),
  answer: { status: 200, description: "What became of each", schema: bulkAnswer },
  refusals: [422],
});

export const deleteTransactions = defineOperation({
  id: "deleteTransactions",
  route: "POST /transactions/bulk-delete",
  summary: "Delete many transactions",
  body: v.strictObject({ transactionIds: bulkIds }),
  answer: { status: 200, description: "What became of each", schema: bulkAnswer },
});
