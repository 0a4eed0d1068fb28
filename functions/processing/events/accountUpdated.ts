import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, fieldChanges, ledgerSource } from "./ledgerFields";

export const accountUpdated = defineEvent({
  type: "account.updated",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "Somebody changed what is said of an account.",
  payload: v.looseObject({ accountId, changes: fieldChanges }),
  entity: (payload) => `ACCOUNT#${payload.accountId}`,
});
