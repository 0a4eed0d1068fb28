import { serve } from "../../http/api";
import { notFound } from "../../http/problem";
import { accountView, getAccount, listAccounts } from "../operations/accounts";
import { ownRows } from "../query";
import { readAccount } from "../read";
import { accountsTable } from "../row";
import { pageOfRows, shown } from "../views";

export const servedListAccounts = serve(listAccounts, ({ owner, query }, run) =>
  pageOfRows(
    ownRows(accountsTable, owner),
    accountView,
    { owner, limit: query.limit, cursor: query.cursor },
    (row) => row["deletedAt"] === undefined,
    run,
  ),
);

export const servedGetAccount = serve(getAccount, async ({ owner, params }, run) => {
  const account = await readAccount(owner, params.accountId, run);
  if (!account) throw notFound();
  return shown(200, accountView, account);
});
