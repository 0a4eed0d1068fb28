import * as v from "valibot";
import { accountId } from "../events/ledgerFields";
import { accountKey } from "./keys";
import { currency } from "./money";
import { rowEntries } from "./row";
import { freeText } from "./text";

export const accountTypes = ["checking", "savings", "credit_card", "investment", "loan", "cash", "other"] as const;

export const accountName = v.pipe(
  freeText,
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(100, "must have at most 100 characters"),
);

export const accountType = v.picklist(accountTypes, `must be one of ${accountTypes.join(", ")}`);

export const institution = v.pipe(
  freeText,
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(100, "must have at most 100 characters"),
);

/** The number itself is never stored: its end is enough to tell accounts apart, and cannot be used. */
export const accountNumberEnding = v.pipe(
  v.string("must be a string"),
  v.regex(/^[A-Za-z0-9]{1,4}$/, "must be the last four characters of the account's number"),
  v.description("the last four characters of the account's number"),
);

export const endingOf = (accountNumber: string): string => accountNumber.replace(/[^A-Za-z0-9]/g, "").slice(-4);

export const accountSchema = v.object({
  ...rowEntries,
  account_key: v.string(),
  accountId,
  name: accountName,
  type: accountType,
  currency,
  institution: v.optional(institution),
  accountNumberEnding: v.optional(accountNumberEnding),
  /** Set once it is deleted, while its transactions are being removed. */
  deletedAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  /** Set with it: by this the removal is found and brought to its end. */
  unfinished: v.optional(v.string()),
});

export type Account = v.InferOutput<typeof accountSchema>;

/** What the owner may say of an account. */
export type AccountFields = Pick<Account, "name" | "type" | "currency" | "institution" | "accountNumberEnding">;

export const newAccount = (
  owner: string,
  id: string,
  fields: AccountFields,
  { changeId, at }: { changeId: string; at: number },
): Account => ({
  ...accountKey(owner, id),
  accountId: id,
  ...fields,
  version: 1,
  createdAt: new Date(at).toISOString(),
  updatedAt: new Date(at).toISOString(),
  change_id: changeId,
});
