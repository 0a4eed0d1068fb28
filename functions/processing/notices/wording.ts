import type { Account } from "../ledger/account";
import type { Kind, ToldEvent } from "./kind";
import { maskedEnding, maskNumbers } from "./mask";

export interface Notice {
  kind: Kind;
  subject: string;
  text: string;
}

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

const named = (account: Pick<Account, "name" | "accountNumberEnding"> | undefined): string => {
  if (!account) return "an account";
  const { name, accountNumberEnding: ending } = account;
  return `the account ${maskNumbers(name)}${ending === undefined ? "" : ` (${maskedEnding(ending)})`}`;
};

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** What a person reads. No amounts, no descriptions, and no number of an account but its end. */
export const wordingOf = (
  { payload }: Pick<ToldEvent, "payload">,
  kind: Kind,
  account: Pick<Account, "name" | "accountNumberEnding"> | undefined,
): Notice => {
  const { transactionCount, duplicateCount, processingStatus, transactionIds } = payload as Record<string, unknown>;
  switch (kind) {
    case "file.processed": {
      if (processingStatus === "failed") {
        return {
          kind,
          subject: "A statement could not be read",
          text: `A statement for ${named(account)} could not be read.`,
        };
      }
      const brought = `${many(numberOf(transactionCount), "transaction")}, ${many(numberOf(duplicateCount), "duplicate")}`;
      const partly = processingStatus === "partial" ? " Some of its lines could not be read." : "";
      return {
        kind,
        subject: "A statement was read",
        text: `A statement for ${named(account)} was read: ${brought}.${partly}`,
      };
    }
    case "transactions.deleted": {
      const count = Array.isArray(transactionIds) ? transactionIds.length : 0;
      return { kind, subject: "Transactions were deleted", text: `Deleted: ${many(count, "transaction")}.` };
    }
    case "account.deleted":
      return {
        kind,
        subject: "An account was deleted",
        text: `Deleted: ${named(account)}, with ${many(numberOf(transactionCount), "transaction")}.`,
      };
  }
};
