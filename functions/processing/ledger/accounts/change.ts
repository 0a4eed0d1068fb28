import { accountCreated } from "../../events/accountCreated";
import { accountDeleted } from "../../events/accountDeleted";
import { accountUpdated } from "../../events/accountUpdated";
import { serve } from "../../http/api";
import { notFound } from "../../http/problem";
import { type Account, newAccount } from "../account";
import { changesOf, merged } from "../changes";
import { type Act, commit, tell } from "../commit";
import { byAccount, orderedId } from "../keys";
import { accountView, createAccount, deleteAccount, updateAccount } from "../operations/accounts";
import { count, ownRows } from "../query";
import { readAccount } from "../read";
import { accountsTable, transactionsTable, unfinished } from "../row";
import { gone, requireVersion, shown, tooMany } from "../views";

export const mostAccounts = 500;

/** The row after a change. */
const next = (account: Account, { at, changeId }: Act): Account => ({
  ...account,
  version: account.version + 1,
  updatedAt: new Date(at).toISOString(),
  change_id: changeId,
});

export const servedCreateAccount = serve(createAccount, async ({ owner, body, act, keep }, run) => {
  if ((await count(ownRows(accountsTable, owner), run)) >= mostAccounts) throw tooMany("accounts", mostAccounts);
  const { accountNumber, ...fields } = body;
  const id = orderedId(act.at, run.newId());
  const after = newAccount(owner, id, { ...fields, ...(accountNumber && { accountNumberEnding: accountNumber }) }, act);
  const answer = shown(201, accountView, after);
  const told = { ...answer, headers: { ...answer.headers, location: `/accounts/${id}` } };
  const { name: accountName, type: accountType, currency } = after;
  const event = tell(accountCreated, { accountId: id, accountName, accountType, currency }, act, id);
  await commit([{ rows: [{ table: accountsTable, after }], tells: [event] }], run, keep(told));
  return told;
});

const editable = ["name", "type", "institution", "accountNumberEnding"] as const;

export const servedUpdateAccount = serve(updateAccount, async ({ owner, params, body, version, act, keep }, run) => {
  const before = await readAccount(owner, params.accountId, run);
  if (!before) throw notFound();
  const { version: read, accountNumber: accountNumberEnding, ...edit } = body;
  requireVersion(before, version, read);
  const edited = merged(before, { ...edit, accountNumberEnding });
  const changes = changesOf(before, edited, editable);
  if (changes.length === 0) return shown(200, accountView, before);
  const after = next(edited, act);
  const told = shown(200, accountView, after);
  const event = tell(
    accountUpdated,
    { accountId: after.accountId, changes },
    act,
    `${after.accountId}#${after.version}`,
  );
  await commit([{ rows: [{ table: accountsTable, before, after }], tells: [event] }], run, keep(told));
  return told;
});

export const servedDeleteAccount = serve(deleteAccount, async ({ owner, params, version, act, keep }, run) => {
  const before = await readAccount(owner, params.accountId, run);
  if (!before) throw notFound();
  requireVersion(before, version);
  const { accountId } = before;
  const transactionCount = await count(
    {
      table: transactionsTable,
      index: "by-account",
      partition: { attribute: "owner_account", value: byAccount(owner, accountId) },
    },
    run,
  );
  // Its transactions are out of sight with this write; the upkeep takes them away, and then the row itself.
  const after = { ...next(before, act), deletedAt: new Date(act.at).toISOString(), unfinished };
  const event = tell(accountDeleted, { accountId, transactionCount }, act, accountId);
  await commit([{ rows: [{ table: accountsTable, before, after }], tells: [event] }], run, keep(gone));
  return gone;
});
