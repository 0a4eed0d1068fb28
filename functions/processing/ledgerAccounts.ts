import { api, serve } from "./http/api";
import { servedCreateAccount, servedDeleteAccount, servedUpdateAccount } from "./ledger/accounts/change";
import { servedGetAccount, servedListAccounts } from "./ledger/accounts/read";
import { describeLedger, description } from "./ledger/operations/description";
import { servedGetPreferences, servedPutPreferences } from "./ledger/preferences";

/** It is in the program, and changes with it: for everybody's cache, though not for long. */
const headers = { "cache-control": "public, max-age=300" };
const servedDescribe = serve(describeLedger, async () => ({ status: 200, body: description(), headers }));

export const ledgerAccounts = api("ledgerAccounts", [
  servedListAccounts,
  servedCreateAccount,
  servedGetAccount,
  servedUpdateAccount,
  servedDeleteAccount,
  servedGetPreferences,
  servedPutPreferences,
  servedDescribe,
]);
