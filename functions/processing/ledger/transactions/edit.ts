import type { FieldChange } from "../../events/ledgerFields";
import { transactionCategorized } from "../../events/transactionCategorized";
import { transactionUpdated } from "../../events/transactionUpdated";
import { changesOf, merged } from "../changes";
import { type Act, type Step, type Telling, tell } from "../commit";
import { transactionsTable } from "../row";
import { type Transaction, transactionRow } from "../transaction";

/** Null takes a value away; what is left out stays. */
export interface Edit {
  date?: string | undefined;
  amount?: number | undefined;
  description?: string | undefined;
  note?: string | null | undefined;
  accountId?: string | undefined;
  categoryId?: string | null | undefined;
}

const editable = ["date", "amount", "description", "note", "accountId", "categoryId"] as const;

/** Whoever picks a category by hand, or takes it away, is certain of it: no rule has a say in it any more. */
const assigned = (transaction: Transaction, changes: readonly FieldChange[]): Transaction =>
  changes.some(({ field }) => field === "categoryId")
    ? { ...transaction, assignment: { type: "manual", confidence: 1 } }
    : transaction;

const categorized = (before: Transaction, after: Transaction, act: Act): Telling[] => {
  const { transactionId, accountId, categoryId, version } = after;
  if (categoryId === undefined || categoryId === before.categoryId) return [];
  const payload = {
    transactionId,
    ...(accountId !== undefined && { accountId }),
    categoryId,
    ...(before.categoryId !== undefined && { previousCategoryId: before.categoryId }),
    confidence: 1,
    assignmentType: "manual",
  } as const;
  return [tell(transactionCategorized, payload, act, `${transactionId}#${version}`)];
};

/** A person's edit with what is told of it; undefined where the transaction is as wished already. */
export const editStep = (before: Transaction, edit: Edit, act: Act): (Step & { after: Transaction }) | undefined => {
  const edited = merged(before, { ...edit });
  const changes = changesOf(before, edited, editable);
  if (changes.length === 0) return undefined;
  const after = transactionRow({
    ...assigned(edited, changes),
    version: before.version + 1,
    updatedAt: new Date(act.at).toISOString(),
    change_id: act.changeId,
  });
  const { transactionId, accountId } = after;
  const payload = { transactionId, ...(accountId !== undefined && { accountId }), changes };
  return {
    rows: [{ table: transactionsTable, before, after }],
    tells: [
      tell(transactionUpdated, payload, act, `${transactionId}#${after.version}`),
      ...categorized(before, after, act),
    ],
    after,
  };
};
