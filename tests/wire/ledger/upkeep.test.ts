import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import type { Account } from "../../../functions/processing/ledger/account";
import type { Act } from "../../../functions/processing/ledger/commit";
import type { File } from "../../../functions/processing/ledger/file";
import { ownerOf } from "../../../functions/processing/ledger/keys";
import { readAccountRow, readFileRow, readTransactionRows } from "../../../functions/processing/ledger/read";
import type { Transaction } from "../../../functions/processing/ledger/transaction";
import { moveTransactions } from "../../../functions/processing/ledger/upkeep/move";
import {
  discardTransactions,
  removeTransactionsOfAccount,
  removeTransactionsOfFile,
} from "../../../functions/processing/ledger/upkeep/remove";
import { emptyTables } from "../tables";
import { world } from "../world";
import { account, bought, fresh, imported } from "./requests";

const owner = ownerOf("ann");

interface Upkeep {
  work: (of: { file: File; its: Account; other: string }, act: Act) => Promise<boolean>;
  /** What a transaction is changed to that is none of its business any more. */
  elsewhere: Partial<Transaction>;
}

const works: Record<string, Upkeep> = {
  "removes what a deleted file brought": {
    work: ({ file }, act) => removeTransactionsOfFile(file, act, fresh()),
    elsewhere: { fileId: "another" },
  },
  "removes what a deleted account had": {
    work: ({ its }, act) => removeTransactionsOfAccount(its, act, fresh()),
    elsewhere: { accountId: "another" },
  },
  "discards what a failed reading left": {
    work: ({ file }, act) => discardTransactions(file, act, fresh()),
    elsewhere: { fileId: "another" },
  },
  "moves what a file brought": {
    work: ({ file, its, other }, act) =>
      moveTransactions({ ...file, accountId: other, movedFrom: [its.accountId] }, act, fresh()),
    elsewhere: { fileId: "another" },
  },
};

describe("upkeep that", () => {
  before(world);
  beforeEach(() => emptyTables("accounts", "files", "transactions", "event-store", "effects"));

  const books = async () => {
    const [accountId, other] = [await account("ann"), await account("ann")];
    const { fileId, ids } = await imported("ann", bought(3), accountId);
    const [file, its] = [await readFileRow(owner, fileId, fresh()), await readAccountRow(owner, accountId, fresh())];
    if (!file || !its) return expect.fail("no file, or no account");
    const rows = async () => Object.fromEntries(await readTransactionRows(owner, ids, fresh()));
    return { file, its, other, ids, rows };
  };

  const act = (): Act => ({ owner, changeId: "upkeep", at: Date.now(), correlationId: "upkeep" });

  for (const [what, { work, elsewhere }] of Object.entries(works)) {
    it(`${what} leaves alone what an index still tells it of, and is elsewhere by now`, async () => {
      const { rows, ids, ...of } = await books();
      const [first = "", second = ""] = ids;
      const { [first]: gone, [second]: left } = await rows();
      // As an index tells of it for a moment: its keys there are still those of before.
      const moved = { ...gone, ...elsewhere };
      await dynamodb().send(new PutCommand({ TableName: "transactions", Item: moved }));
      expect(await work(of, act())).to.equal(true);
      const after = await rows();
      expect(after[first]).to.deep.equal(moved);
      expect(after[second]?.version).to.equal((left?.version ?? 0) + 1);
    });

    it(`${what} does nothing once somebody has changed whose it is`, async () => {
      const { rows, ids: _, file, its, other } = await books();
      const before = await rows();
      const stale = { file: { ...file, version: file.version - 1 }, its: { ...its, version: its.version - 1 }, other };
      const refused = await work(stale, act()).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(Error).with.property("conditionFailed", true);
      expect(await rows()).to.deep.equal(before);
    });
  }
});
