import { randomUUID } from "node:crypto";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { Failure } from "../../../functions/processing/failure";
import { commit, record } from "../../../functions/processing/ledger/commit";
import { type File, type FileFields, newFile } from "../../../functions/processing/ledger/file";
import { endImport, type Outcome } from "../../../functions/processing/ledger/imports/end";
import { importOf, storeTransactions } from "../../../functions/processing/ledger/imports/store";
import { ownerOf } from "../../../functions/processing/ledger/keys";
import { readFile, readTransactionRows, readTransactions } from "../../../functions/processing/ledger/read";
import { filesTable, transactionsTable } from "../../../functions/processing/ledger/row";
import { isTombstone, type NewTransaction, tombstone } from "../../../functions/processing/ledger/transaction";
import { testRun } from "../run";
import { emptyTables } from "../tables";
import { type World, world } from "../world";
import { account, ask } from "./requests";

const start = Date.parse("2026-10-29T12:00:00Z");
const ann = ownerOf("ann");
const act = { owner: ann, changeId: "delivery-1", at: start, correlationId: "story" };

/** A transaction's token may not come again with other content, as it would with ids in order. */
const fresh = () => testRun(start, { newId: randomUUID });

const bought = (count: number, from = 0): NewTransaction[] =>
  Array.from({ length: count }, (_, at) => ({
    transactionId: `t-${String(from + at).padStart(5, "0")}`,
    date: "2026-10-28",
    amount: -1_000 - at,
    currency: "EUR",
    description: `Shop ${from + at}`,
  }));

/** Puts a file there as an upload does. */
const given = async (
  id: string,
  status: File["status"] = "processing",
  fields: Partial<FileFields> = {},
): Promise<File> => {
  const made = { changeId: `made-${id}`, at: start };
  const file = { ...newFile(ann, id, { fileName: `${id}.csv`, fileSize: 10, ...fields }, made), status };
  const entry = record("file.requested", `FILE#${id}`, [], { ...act, changeId: made.changeId });
  await commit([{ rows: [{ table: filesTable, after: file }], tells: [entry] }], fresh());
  return file;
};

const outcome = (transactionIds: readonly string[], status: Outcome["status"] = "success"): Outcome => ({
  status,
  transactionIds,
  duplicateCount: 0,
});

const stored = async () => (await dynamodb().send(new ScanCommand({ TableName: "event-store" }))).Items ?? [];

describe("what a statement brings", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(async () => {
    await emptyTables("accounts", "files", "transactions", "event-store", "effects");
    real.bus.accepted.length = 0;
  });

  it("is seen all at once, and told of, when the reading is ended", async () => {
    const reading = importOf(await given("f"), act);
    const run = fresh();
    const { stored: ids, duplicates } = await storeTransactions(bought(250), reading, run);
    expect([ids.length, duplicates.length]).to.deep.equal([250, 0]);
    expect(await readTransactions(ann, ids, run)).to.deep.equal([]);
    expect(await endImport(reading, outcome(ids), run)).to.equal("done");
    expect(await readTransactions(ann, ids, run)).to.have.length(250);
    expect(await readFile(ann, "f", run)).to.include({ status: "success", transactionCount: 250, version: 2 });
    const [told, more] = real.bus.accepted.map(({ DetailType, Detail }) => [DetailType, JSON.parse(Detail)] as const);
    expect(more).to.equal(undefined);
    expect(told?.[0]).to.equal("file.processed");
    expect(told?.[1]).to.deep.include({ userId: "ann", source: "signal9.ledger", correlationId: "story" });
    expect(told?.[1].data).to.deep.include({ fileId: "f", transactionCount: 250, transactionIds: ids });
    const images = (await stored()).flatMap((entry) => (entry["images"] ?? []) as { table: string }[]);
    expect(images.filter(({ table }) => table === "transactions")).to.have.length(250);
  });

  it("is stored once, however often the reading is repeated, and ended once", async () => {
    const reading = importOf(await given("f"), act);
    const run = fresh();
    const first = await storeTransactions(bought(120), reading, run);
    const entries = (await stored()).length;
    expect(await storeTransactions(bought(120), reading, fresh())).to.deep.equal(first);
    expect((await stored()).length).to.equal(entries);
    expect(await endImport(reading, outcome(first.stored), run)).to.equal("done");
    expect(await endImport(reading, outcome(first.stored), fresh())).to.equal("done before");
    expect(real.bus.accepted).to.have.length(1);
  });

  it("is stored once by two that read at the same moment", async () => {
    const reading = importOf(await given("f"), act);
    const twice = await Promise.all([1, 2].map(() => storeTransactions(bought(150), reading, fresh())));
    expect(twice.map(({ stored: ids }) => ids.length)).to.deep.equal([150, 150]);
    const images = (await stored()).flatMap((entry) => (entry["images"] ?? []) as { table: string }[]);
    expect(images.filter(({ table }) => table === "transactions")).to.have.length(150);
  });

  it("is known where another statement brought it, or where it comes twice", async () => {
    const run = fresh();
    const first = importOf(await given("f"), act);
    await endImport(first, outcome((await storeTransactions(bought(10), first, run)).stored), run);
    const second = importOf(await given("g"), { ...act, changeId: "delivery-2" });
    const result = await storeTransactions([...bought(10, 5), ...bought(1, 14)], second, run);
    expect(result.duplicates).to.deep.equal([...bought(5, 5), ...bought(1, 14)].map((one) => one.transactionId));
    expect(result.stored).to.have.length(5);
  });

  it("waits for another reading of the same that is under way, and takes over what a failed one left", async () => {
    const run = fresh();
    const first = importOf(await given("f"), act);
    const { stored: ids } = await storeTransactions(bought(3), first, run);
    const second = importOf(await given("g"), { ...act, changeId: "delivery-2" });
    const refused = await storeTransactions(bought(3), second, run).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Failure).with.property("category", "unavailable");
    await endImport(first, { ...outcome([], "failed"), errorMessage: "unreadable" }, run);
    expect(await endImport(first, outcome([], "failed"), run)).to.equal("done before");
    expect((await storeTransactions(bought(3), second, run)).stored).to.deep.equal(ids);
    await endImport(second, outcome(ids), run);
    const seen = await readTransactions(ann, ids, run);
    expect(seen.map(({ fileId, version }) => [fileId, version])).to.deep.equal(ids.map(() => ["g", 2]));
  });

  it("does not come back where its owner deleted it, and does where it went with its file", async () => {
    const run = fresh();
    const first = importOf(await given("f"), act);
    const { stored: ids } = await storeTransactions(bought(2), first, run);
    await endImport(first, outcome(ids), run);
    const rows = [...(await readTransactionRows(ann, ids, run)).values()];
    for (const [at, before] of rows.entries()) {
      if (isTombstone(before)) continue;
      const by = before.transactionId === ids[0] ? "person" : "removal";
      const after = { ...tombstone(before, { changeId: "gone", at: start, by }) };
      const entry = record("gone", "TRANSACTION#x", [], act, at);
      await commit([{ rows: [{ table: transactionsTable, before, after }], tells: [entry] }], run);
    }
    expect(await readTransactions(ann, ids, run)).to.deep.equal([]);
    const second = importOf(await given("g"), { ...act, changeId: "delivery-2" });
    expect(await storeTransactions(bought(2), second, run)).to.deep.equal({ stored: [ids[1]], duplicates: [ids[0]] });
  });

  it("does not come to light for an account that is deleted while its reading is being ended", async () => {
    const accountId = await account("ann");
    const reading = importOf(await given("f", "processing", { accountId }), act);
    const run = fresh();
    const { stored: ids } = await storeTransactions(bought(2), reading, run);
    const call: typeof run.call = async (operation, origin, send) => {
      if (operation === "TransactWriteItems")
        await ask("ann", "DELETE /accounts/{accountId}", { params: { accountId } });
      return run.call(operation, origin, send);
    };
    const refused = await endImport(reading, outcome(ids), { ...run, call }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Failure).with.property("conditionFailed", true);
    expect(await readFile(ann, "f", run)).to.include({ status: "processing" });
    expect(real.bus.accepted.map(({ DetailType }) => DetailType)).to.deep.equal(["account.created", "account.deleted"]);
  });

  it("does not come to light for an account or a file that went meanwhile", async () => {
    const run = fresh();
    const file = await given("f");
    const reading = importOf({ ...file, accountId: "gone" }, act);
    const { stored: ids } = await storeTransactions(bought(2), reading, run);
    await endImport(reading, outcome(ids), run);
    expect(await readTransactions(ann, ids, run)).to.deep.equal([]);
    const removed = importOf(await given("g", "removing"), act);
    const refused = await endImport(removed, outcome([]), run).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Failure).with.property("category", "permanent");
  });
});
