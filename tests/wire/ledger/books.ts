import { randomUUID } from "node:crypto";
import { transactionUpdated } from "../../../functions/processing/events/transactionUpdated";
import { commit, record, tell } from "../../../functions/processing/ledger/commit";
import { newFile } from "../../../functions/processing/ledger/file";
import { endImport } from "../../../functions/processing/ledger/imports/end";
import { importOf, storeTransactions } from "../../../functions/processing/ledger/imports/store";
import { ownerOf } from "../../../functions/processing/ledger/keys";
import { readTransactions } from "../../../functions/processing/ledger/read";
import { filesTable, transactionsTable } from "../../../functions/processing/ledger/row";
import {
  type NewTransaction,
  type Transaction,
  transactionRow,
} from "../../../functions/processing/ledger/transaction";
import { testRun } from "../run";
import { emptyTables } from "../tables";
import { envelope, type World } from "../world";

export const start = Date.parse("2026-10-29T12:00:00Z");
export const ann = ownerOf("ann");

/** A transaction's token may not come again with other content, as it would with ids in order. */
export const fresh = (now = start) => testRun(now, { newId: randomUUID });

export const spent = (id: string, amount: number, over: Partial<NewTransaction> = {}): NewTransaction => ({
  transactionId: id,
  date: "2026-10-28",
  amount,
  currency: "EUR",
  description: `Shop ${id}`,
  ...over,
});

export const actOf = (owner: string, changeId: string) => ({
  owner,
  changeId,
  at: start,
  correlationId: `story-${changeId}`,
});

/** Brings transactions into somebody's books as a statement does. */
export const imported = async (owner: string, fileId: string, items: readonly NewTransaction[]): Promise<void> => {
  const run = fresh();
  const act = actOf(owner, `import-${fileId}`);
  const file = newFile(owner, fileId, { fileName: `${fileId}.csv`, fileSize: 10 }, act);
  const entry = record("file.requested", `FILE#${fileId}`, [], act);
  await commit([{ rows: [{ table: filesTable, after: { ...file, status: "processing" } }], tells: [entry] }], run);
  const reading = importOf({ ...file, status: "processing" }, act);
  const { stored, duplicates } = await storeTransactions(items, reading, run);
  await endImport(reading, { status: "success", transactionIds: stored, duplicateCount: duplicates.length }, run);
};

/** Changes a transaction as its owner does. */
export const edited = async (owner: string, id: string, over: Partial<Transaction>): Promise<void> => {
  const run = fresh();
  const [before] = await readTransactions(owner, [id], run);
  if (!before) throw new Error(`${id} is not to be seen`);
  const act = actOf(owner, `edit-${id}-${before.version + 1}`);
  const after = transactionRow({ ...before, ...over, version: before.version + 1, change_id: act.changeId });
  const changes = [{ field: "amount", oldValue: before.amount, newValue: after.amount }];
  const event = tell(transactionUpdated, { transactionId: id, changes }, act);
  await commit(
    [{ rows: [{ table: transactionsTable, before: { ...before }, after: { ...after } }], tells: [event] }],
    run,
  );
};

/** What the events of a type tell that were published since. */
export const told = (real: World, type: string): Record<string, unknown>[] =>
  real.bus.accepted
    .filter(({ DetailType }) => DetailType === type)
    .map(({ Detail }) => (JSON.parse(Detail) as { data: Record<string, unknown> }).data);

/** What was published since, as its consumers find it in their queues. */
export const heard = (real: World, wanted: (type: string) => boolean = () => true): string[] =>
  real.bus.accepted
    .splice(0)
    .filter(({ DetailType }) => wanted(DetailType))
    .map(({ DetailType, Detail }, at) => {
      const detail = JSON.parse(Detail);
      const time = new Date(detail.timestamp).toISOString();
      return envelope(DetailType, detail, { id: `bus-${at}`, source: "signal9.ledger", time });
    });

export const cleanBooks = async (real: World): Promise<void> => {
  await emptyTables(
    "accounts",
    "files",
    "transactions",
    "category-rules",
    "event-store",
    "effects",
    "analytics-status",
  );
  real.bus.accepted.length = 0;
  await real.deadLetters.take();
};
