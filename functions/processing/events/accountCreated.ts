import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, currency, ledgerSource } from "./ledgerFields";

export const accountCreated = defineEvent({
  type: "account.created",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "Somebody keeps an account here from now on.",
  payload: v.looseObject({
    accountId,
    accountName: v.pipe(v.string("must be a string"), v.maxLength(100, "must have at most 100 characters")),
    accountType: v.pipe(v.string("must be a string"), v.maxLength(32, "must have at most 32 characters")),
    currency,
  }),
  entity: (payload) => `ACCOUNT#${payload.accountId}`,
});
