import { api } from "./http/api";
import {
  servedAssociateTransactions,
  servedDeleteTransactions,
  servedEditTransactions,
} from "./ledger/transactions/bulk";
import { servedListTransactions } from "./ledger/transactions/list";
import { servedDeleteTransaction, servedEditTransaction, servedGetTransaction } from "./ledger/transactions/one";

export const ledgerTransactions = api("ledgerTransactions", [
  servedListTransactions,
  servedGetTransaction,
  servedEditTransaction,
  servedDeleteTransaction,
  servedEditTransactions,
  servedDeleteTransactions,
  servedAssociateTransactions,
]);
