import { openApi } from "../../http/openapi";
import { defineOperation, type OperationDefinition } from "../../http/operation";
import * as accounts from "./accounts";
import * as files from "./files";
import * as preferences from "./preferences";
import * as rules from "./rules";
import * as transactions from "./transactions";

const isOperation = (value: object): value is OperationDefinition => "route" in value;

const among = (module: Record<string, object>): OperationDefinition[] => Object.values(module).filter(isOperation);

/** Every operation of the ledger, by the function that does it. A new one is a definition, its handler, and nothing else. */
export const operations = {
  accounts: among({ ...accounts, ...preferences }).filter(({ id }) => id !== accounts.associateTransactions.id),
  transactions: [...among({ ...transactions }), accounts.associateTransactions],
  rules: among({ ...rules }),
  files: among({ ...files }),
} as const;

export const description = (): Record<string, unknown> =>
  openApi(Object.values(operations).flat(), {
    title: "Signal9 ledger",
    version: "1.0",
    description:
      "Accounts, transactions, category rules and statements of the person whom the token names. Amounts are whole numbers of the currency's smallest unit.",
  });

/** It tells nothing but what everybody may know. */
export const describeLedger = defineOperation({
  id: "describeLedger",
  route: "GET /openapi.json",
  summary: "This description",
  public: true,
  answer: { status: 200, description: "OpenAPI 3.1" },
});
