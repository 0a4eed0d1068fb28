import { requireTime } from "../../batch";
import type { Run } from "../../consume/run";
import { serve } from "../../http/api";
import type { Answer, Asked } from "../../http/operation";
import { notFound } from "../../http/problem";
import { limits } from "../../limits";
import { chunksOf, commit, type Room, type Step } from "../commit";
import { associateTransactions } from "../operations/accounts";
import { deleteTransactions, editTransactions } from "../operations/transactions";
import { readAccount, readTransactionRows, visibleOf } from "../read";
import { accountStays } from "../standing";
import { isTombstone, type Transaction } from "../transaction";
import { type Edit, editStep } from "./edit";
import { requireAccount } from "./one";
import { removalSteps } from "./remove";

/** One action is left for the check of the account; an image and an event each have items of their own. */
const room: Room = { actions: limits.transactionItems - 1, bytes: 2 * 1024 * 1024 };

interface Sorted {
  /** To be changed now. */
  transactions: Transaction[];
  /** Changed by an earlier attempt of the same request. */
  changed: string[];
  notFound: string[];
}

/** What of the named transactions is there for this person, and what of it this request has done already. */
const sort = async (ids: readonly string[], { owner, act }: Asked, run: Run): Promise<Sorted> => {
  const rows = await readTransactionRows(owner, ids, run);
  const visible = new Map((await visibleOf(owner, [...rows.values()], run)).map((row) => [row.transactionId, row]));
  const sorted: Sorted = { transactions: [], changed: [], notFound: [] };
  for (const id of ids) {
    const row = rows.get(id);
    const seen = visible.get(id);
    if (row?.change_id === act.changeId && (seen || isTombstone(row))) sorted.changed.push(id);
    else if (seen) sorted.transactions.push(seen);
    else sorted.notFound.push(id);
  }
  return sorted;
};

const idsOf = (step: Step): string[] => step.rows.map(({ before }) => String(before?.["transactionId"]));

const editAll = async (ids: readonly string[], edit: Edit, asked: Asked, run: Run): Promise<Answer> => {
  const { transactions, changed, notFound: absent } = await sort(ids, asked, run);
  const steps = transactions.flatMap((one) => editStep(one, edit, asked.act) ?? []);
  const touched = new Set(steps.flatMap(idsOf));
  const unchanged = transactions.flatMap(({ transactionId: id }) => (touched.has(id) ? [] : [id]));
  const body = { changed: [...changed, ...touched], unchanged, notFound: absent };
  const stays = edit.accountId === undefined ? [] : [accountStays(asked.owner, edit.accountId)];
  for (const chunk of chunksOf(steps, room)) {
    requireTime(run);
    await commit(chunk, run, stays);
  }
  return { status: 200, body };
};

export const servedEditTransactions = serve(editTransactions, async (asked, run) => {
  const { transactionIds, edit } = asked.body;
  if (edit.accountId !== undefined) await requireAccount(asked.owner, edit.accountId, "#/edit/accountId", run);
  return editAll(transactionIds, edit, asked, run);
});

export const servedAssociateTransactions = serve(associateTransactions, async (asked, run) => {
  const { accountId } = asked.params;
  if (!(await readAccount(asked.owner, accountId, run))) throw notFound();
  return editAll(asked.body.transactionIds, { accountId }, asked, run);
});

export const servedDeleteTransactions = serve(deleteTransactions, async (asked, run) => {
  const { transactions, changed, notFound: absent } = await sort(asked.body.transactionIds, asked, run);
  const steps = removalSteps(transactions, { by: "person", type: "bulk" }, asked.act);
  for (const step of steps) {
    requireTime(run);
    await commit([step], run);
  }
  const body = { changed: [...changed, ...steps.flatMap(idsOf)], unchanged: [], notFound: absent };
  return { status: 200, body };
});
