import * as v from "valibot";
import { fileId as fileIdSchema } from "../events/ledgerFields";

/**
 * Whose rows they are. Every key of the ledger begins with this, and it comes from the token alone: there is no key that a
 * request of one person could spell to reach the rows of another.
 */
export const ownerOf = (userId: string): string => `USER#${userId}`;

export const userOf = (owner: string): string => owner.slice("USER#".length);

export const accountKey = (owner: string, accountId: string) => ({ owner, account_key: `ACCOUNT#${accountId}` });
export const ruleKey = (owner: string, ruleId: string) => ({ owner, rule_key: `RULE#${ruleId}` });
export const fileKey = (owner: string, fileId: string) => ({ owner, file_key: `FILE#${fileId}` });
export const transactionKey = (owner: string, transactionId: string) => ({
  owner,
  transaction_key: `TRANSACTION#${transactionId}`,
});

/** Partitions of the indexes. Ids have no `#`, so that what follows the owner can be read in one way only. */
export const byAccount = (owner: string, accountId: string): string => `${owner}#ACCOUNT#${accountId}`;
export const byCategory = (owner: string, categoryId: string): string => `${owner}#CATEGORY#${categoryId}`;
export const byFile = (owner: string, fileId: string): string => `${owner}#FILE#${fileId}`;

/** Sorts by the moment at which it was made, also among those of one user. */
export const orderedId = (at: number, unique: string): string => `${at.toString(36).padStart(9, "0")}-${unique}`;

/** A reading of a file. */
export const importIdOf = (fileId: string, reading: number): string => `${fileId}-r${reading}`;

/** Where an upload is to be put: a person's name may be anything, so it travels encoded. */
export const uploadKey = (owner: string, fileId: string): string =>
  `uploads/${Buffer.from(userOf(owner)).toString("base64url")}/${fileId}`;

/** Whose upload it is and which file, or nothing where it is none of ours. */
export const readUploadKey = (key: string): { owner: string; fileId: string } | undefined => {
  const [, encoded = "", fileId = ""] = /^uploads\/([A-Za-z0-9_-]+)\/([^/]+)$/.exec(key) ?? [];
  const userId = Buffer.from(encoded, "base64url").toString("utf8");
  const owner = ownerOf(userId);
  return userId !== "" && v.is(fileIdSchema, fileId) && uploadKey(owner, fileId) === key
    ? { owner, fileId }
    : undefined;
};
