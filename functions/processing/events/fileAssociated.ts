import * as v from "valibot";
import { defineEvent } from "./definition";
import { accountId, fileId, ledgerSource } from "./ledgerFields";

export const fileAssociated = defineEvent({
  type: "file.associated",
  source: ledgerSource,
  version: "1.0",
  layout: "data",
  description: "A statement, and what it brought, belongs to an account from now on.",
  payload: v.looseObject({ fileId, accountId, previousAccountId: v.optional(accountId) }),
  entity: (payload) => `FILE#${payload.fileId}`,
});
