import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, fieldChanges, ledgerSource, transactionId } from "./ledgerFields";

export const transactionUpdated = defineEvent({
  type: "transaction.updated",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "Somebody edited a transaction.",
  payload: v.looseObject({ transactionId, accountId: v.optional(accountId), changes: fieldChanges }),
  entity: (payload) => `TRANSACTION#${payload.transactionId}`,
});
