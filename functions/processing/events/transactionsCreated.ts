import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, count, fileId, ledgerSource, transactionIds } from "./ledgerFields";

export const transactionsCreated = defineEvent({
  type: "transactions.created",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description:
    "Transactions are new. Of older publishers: accepted, no longer published; file.processed tells the same.",
  payload: v.looseObject({
    fileId: v.optional(fileId),
    accountId: v.optional(accountId),
    transactionIds,
    transactionCount: count,
  }),
  entity: ({ fileId: file, transactionIds: [first = ""] }) =>
    file === undefined ? `TRANSACTION#${first}` : `FILE#${file}`,
});
