import { api } from "./http/api";
import { servedApplyRules } from "./ledger/rules/apply";
import { servedCreateRule, servedDeleteRule, servedUpdateRule } from "./ledger/rules/change";
import { servedGetRule, servedListRules } from "./ledger/rules/read";

export const ledgerRules = api("ledgerRules", [
  servedListRules,
  servedCreateRule,
  servedGetRule,
  servedUpdateRule,
  servedDeleteRule,
  servedApplyRules,
]);
