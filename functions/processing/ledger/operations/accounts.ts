import * as v from "valibot";
import { accountId } from "../../events/ledgerFields";
import { defineOperation } from "../../http/operation";
import { accountName, accountNumberEnding, accountType, endingOf, institution } from "../account";
import { currency } from "../money";
import { accountParams, bulkAnswer, bulkIds, pageOf, pageQuery, version, viewEntries } from "./parts";

const accountNumber = v.pipe(
  v.string("must be a string"),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9 .-]{0,63}$/, "must be an account's number"),
  v.transform(endingOf),
  v.description("of which only the last four characters are kept, also where it is given in full"),
);

export const accountView = v.object({
  accountId,
  name: accountName,
  type: accountType,
  currency,
  institution: v.optional(institution),
  accountNumberEnding: v.optional(accountNumberEnding),
  ...viewEntries,
});

export const listAccounts = defineOperation({
  id: "listAccounts",
  route: "GET /accounts",
  summary: "Your accounts, oldest first",
  query: pageQuery,
  answer: { status: 200, description: "A page of accounts", schema: pageOf(accountView) },
});

export const createAccount = defineOperation({
  id: "createAccount",
  route: "POST /accounts",
  summary: "Begin an account",
  body: v.strictObject({
    name: accountName,
    type: accountType,
    currency,
    institution: v.optional(institution),
    accountNumber: v.optional(accountNumber),
  }),
  answer: { status: 201, description: "The account", schema: accountView },
  refusals: [422],
});

export const getAccount = defineOperation({
  id: "getAccount",
  route: "GET /accounts/{accountId}",
  summary: "One of your accounts",
  params: accountParams,
  answer: { status: 200, description: "The account", schema: accountView },
});

export const updateAccount = defineOperation({
  id: "updateAccount",
  route: "PATCH /accounts/{accountId}",
  summary: "Change what is said of an account; null takes a value away",
  params: accountParams,
  body: v.strictObject({
    name: v.optional(accountName),
    type: v.optional(accountType),
    institution: v.optional(v.nullable(institution)),
    accountNumber: v.optional(v.nullable(accountNumber)),
    version,
  }),
  versioned: true,
  answer: { status: 200, description: "The account as it is now", schema: accountView },
});

export const deleteAccount = defineOperation({
  id: "deleteAccount",
  route: "DELETE /accounts/{accountId}",
  summary: "Delete an account and its transactions",
  params: accountParams,
  versioned: true,
  answer: { status: 204, description: "It is gone, and its transactions are out of sight" },
});

export const associateTransactions = defineOperation({
  id: "associateTransactions",
  route: "POST /accounts/{accountId}/transactions",
  summary: "Move transactions to an account",
  params: accountParams,
  body: v.strictObject({ transactionIds: bulkIds }),
  answer: { status: 200, description: "What became of each", schema: bulkAnswer },
});
