import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, ledgerSource, transactionIds } from "./ledgerFields";

export const transactionsDeleted = defineEvent({
  type: "transactions.deleted",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "Transactions are gone: by somebody's wish, or because their statement is read again.",
  payload: v.looseObject({
    transactionIds,
    accountIds: v.pipe(v.array(accountId), v.maxLength(1_000, "must name at most 1000 accounts")),
    deletionType: v.picklist(["single", "bulk", "file_reprocessing"], "must be single, bulk or file_reprocessing"),
  }),
  entity: ({ transactionIds: [first = ""] }) => `TRANSACTION#${first}`,
});
