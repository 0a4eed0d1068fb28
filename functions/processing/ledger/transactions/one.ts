import type { Run } from "../../consume/run";
import { serve } from "../../http/api";
import { notFound, wrongField } from "../../http/problem";
import { commit } from "../commit";
import { deleteTransaction, editTransaction, getTransaction, transactionView } from "../operations/transactions";
import { readAccount, readTransactions } from "../read";
import { accountStays } from "../standing";
import type { Transaction } from "../transaction";
import { gone, requireVersion, shown } from "../views";
import { editStep } from "./edit";
import { removalSteps } from "./remove";

const readOne = async (owner: string, transactionId: string, run: Run): Promise<Transaction> => {
  const [transaction] = await readTransactions(owner, [transactionId], run);
  if (!transaction) throw notFound();
  return transaction;
};

/** The account to which something is to belong must be one of the caller's. */
export const requireAccount = async (owner: string, accountId: string, pointer: string, run: Run): Promise<void> => {
  if (!(await readAccount(owner, accountId, run))) throw wrongField(pointer, "must be one of your accounts");
};

export const servedGetTransaction = serve(getTransaction, async ({ owner, params }, run) =>
  shown(200, transactionView, await readOne(owner, params.transactionId, run)),
);

export const servedEditTransaction = serve(
  editTransaction,
  async ({ owner, params, body, version, act, keep }, run) => {
    const before = await readOne(owner, params.transactionId, run);
    const { version: read, ...edit } = body;
    requireVersion(before, version, read);
    const moves = edit.accountId !== undefined && edit.accountId !== before.accountId ? edit.accountId : undefined;
    if (moves !== undefined) await requireAccount(owner, moves, "#/accountId", run);
    const step = editStep(before, edit, act);
    if (!step) return shown(200, transactionView, before);
    const told = shown(200, transactionView, step.after);
    const stays = moves === undefined ? [] : [accountStays(owner, moves)];
    await commit([step], run, [...stays, ...keep(told)]);
    return told;
  },
);

export const servedDeleteTransaction = serve(deleteTransaction, async ({ owner, params, version, act, keep }, run) => {
  const before = await readOne(owner, params.transactionId, run);
  requireVersion(before, version);
  await commit(removalSteps([before], { by: "person", type: "single" }, act), run, keep(gone));
  return gone;
});
