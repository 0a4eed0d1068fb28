import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, count, ledgerSource } from "./ledgerFields";

export const accountDeleted = defineEvent({
  type: "account.deleted",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "An account is gone, and with it its transactions.",
  payload: v.looseObject({ accountId, transactionCount: v.pipe(count, v.description("how many transactions it had")) }),
  entity: (payload) => `ACCOUNT#${payload.accountId}`,
});
