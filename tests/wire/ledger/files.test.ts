import { CreateBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { s3 } from "../../../functions/processing/aws/s3";
import { commit, record } from "../../../functions/processing/ledger/commit";
import { fileRow, newFile, readingLeaseMs, readingPatienceMs } from "../../../functions/processing/ledger/file";
import { endImport } from "../../../functions/processing/ledger/imports/end";
import { importOf, storeTransactions } from "../../../functions/processing/ledger/imports/store";
import { ownerOf, readUploadKey } from "../../../functions/processing/ledger/keys";
import { readAccountRow, readFileRow, readTransactionRows } from "../../../functions/processing/ledger/read";
import { filesTable } from "../../../functions/processing/ledger/row";
import { isTombstone } from "../../../functions/processing/ledger/transaction";
import { finishFile } from "../../../functions/processing/ledger/upkeep/finish";
import { keepUp } from "../../../functions/processing/ledger/upkeep/sweep";
import { type World, world } from "../world";
import { cleanBooks, told } from "./books";
import { account, ask, bought, fresh, imported } from "./requests";

const associate = "PUT /files/{fileId}/account";
const remove = "DELETE /files/{fileId}";
const list = "GET /transactions";

describe("files over HTTP", () => {
  let real: World;
  before(async () => {
    real = await world();
    await s3().send(new CreateBucketCommand({ Bucket: "uploads" }));
  });
  beforeEach(async () => {
    // Another suite of this process has a bucket of its own.
    process.env["UPLOADS_BUCKET"] = "uploads";
    await cleanBooks(real);
  });

  /** After indexes have settled. */
  const later = () => fresh(Date.now() + 120_000);

  it("are put where their owner may put them, as large as was said", async () => {
    const content = "date,amount\n2026-10-28,-1.00\n";
    const asked = await ask("ann/../bob", "POST /files", {
      body: { fileName: "October.csv", fileSize: content.length },
    });
    expect(asked.status).to.equal(201);
    const { file, upload } = asked.body;
    expect(file).to.include({ status: "awaiting_upload", fileName: "October.csv" });
    expect(file).to.not.have.any.keys("s3Key", "owner");
    const put = await fetch(upload.url, {
      method: upload.method,
      headers: { "content-type": upload.headers["content-type"] },
      body: content,
    });
    expect(put.status, await put.text()).to.equal(200);
    const row = await readFileRow(ownerOf("ann/../bob"), file.fileId, fresh());
    const key = row?.s3Key ?? "";
    expect(readUploadKey(key)).to.deep.equal({ owner: ownerOf("ann/../bob"), fileId: file.fileId });
    const head = await s3().send(new HeadObjectCommand({ Bucket: "uploads", Key: key }));
    expect(head.ContentLength).to.equal(content.length);
    const signed = new URL(upload.url).searchParams;
    expect(signed.get("X-Amz-SignedHeaders")?.split(";")).to.include.members([
      "content-length",
      "content-type",
      "host",
    ]);
    expect([...signed.keys()].filter((name) => /checksum/i.test(name))).to.deep.equal([]);
    expect(signed.get("X-Amz-Expires")).to.equal("900");
  });

  it("are refused where they are too large, or their name is a path", async () => {
    const wrong: [Record<string, unknown>, string][] = [
      [{ fileName: "a.csv", fileSize: 50 * 1024 * 1024 + 1 }, "#/fileSize"],
      [{ fileName: "a.csv", fileSize: 0 }, "#/fileSize"],
      [{ fileName: "../a.csv", fileSize: 1 }, "#/fileName"],
      [{ fileName: "a\u0000.csv", fileSize: 1 }, "#/fileName"],
      [{ fileName: "a.csv", fileSize: 1, fileFormat: "exe" }, "#/fileFormat"],
    ];
    for (const [body, pointer] of wrong) {
      const { status, body: said } = await ask("ann", "POST /files", { body });
      expect([status, said.errors[0].pointer]).to.deep.equal([400, pointer]);
    }
    const bobs = await account("bob");
    const foreign = await ask("ann", "POST /files", { body: { fileName: "a.csv", fileSize: 1, accountId: bobs } });
    expect([foreign.status, foreign.body.errors[0].pointer]).to.deep.equal([422, "#/accountId"]);
  });

  it("move with what they brought, except what is elsewhere by its owner's wish", async () => {
    const [first, second, third] = [await account("ann"), await account("ann"), await account("ann")];
    const { fileId, ids } = await imported("ann", bought(120));
    const params = { fileId };
    const to = (accountId: string) => ask("ann", associate, { params, body: { accountId } });
    expect((await to(first)).body.accountId).to.equal(first);
    expect((await ask("ann", list, { query: { accountId: first, limit: "100" } })).body.items).to.have.length(100);
    await ask("ann", "PATCH /transactions/{transactionId}", {
      params: { transactionId: ids[0] ?? "" },
      body: { accountId: third },
    });
    await to(second);
    expect((await ask("ann", list, { query: { accountId: first } })).body.items).to.deep.equal([]);
    expect((await ask("ann", list, { query: { accountId: third } })).body.items).to.have.length(1);
    expect(told(real, "file.associated")).to.deep.equal([
      { fileId, accountId: first },
      { fileId, accountId: second, previousAccountId: first },
    ]);
    const before = (await readFileRow(ownerOf("ann"), fileId, fresh()))?.version;
    expect((await to(second)).body.version).to.equal(before);
    expect(await keepUp(later())).to.deep.equal({ done: 1, waiting: 0, failed: 0 });
    expect(await readFileRow(ownerOf("ann"), fileId, fresh())).to.not.have.any.keys("unfinished", "movedFrom");
    expect(await keepUp(later())).to.deep.equal({ done: 0, waiting: 0, failed: 0 });
  });

  it("move however much is written of what they brought", async () => {
    const accountId = await account("ann");
    const { fileId, ids } = await imported("ann", bought(120));
    const edit = { description: "\u6f22".repeat(500), note: "\u6f22".repeat(1_000) };
    await ask("ann", "POST /transactions/bulk-edit", { body: { transactionIds: ids, edit } });
    await ask("ann", associate, { params: { fileId }, body: { accountId } });
    const rows = [...(await readTransactionRows(ownerOf("ann"), ids, fresh())).values()];
    expect(rows.filter((row) => "accountId" in row && row.accountId === accountId)).to.have.length(120);
  });

  it("that were read for an account stay in it, where their bookings are known again", async () => {
    const [first, second] = [await account("ann"), await account("ann")];
    const { fileId } = await imported("ann", bought(3), first);
    const params = { fileId };
    const { status, body } = await ask("ann", associate, { params, body: { accountId: second } });
    expect([status, body.detail]).to.deep.equal([
      409,
      "The file was read for another account: delete it, and upload it again for this one.",
    ]);
    expect((await ask("ann", associate, { params, body: { accountId: first } })).status).to.equal(200);
    expect((await ask("ann", list, { query: { accountId: first } })).body.items).to.have.length(3);
    expect(told(real, "file.associated")).to.deep.equal([]);
  });

  it("go with what they brought, their content and their row", async () => {
    const { fileId, ids } = await imported("ann", bought(120));
    const params = { fileId };
    expect((await ask("ann", remove, { params })).status).to.equal(204);
    expect((await ask("ann", "GET /files/{fileId}", { params })).status).to.equal(404);
    expect((await ask("ann", "GET /files")).body).to.deep.equal({ items: [] });
    expect((await ask("ann", list)).body).to.deep.equal({ items: [] });
    const gone = told(real, "transactions.deleted") as { transactionIds: string[] }[];
    expect(gone.flatMap(({ transactionIds }) => transactionIds).sort()).to.deep.equal([...ids].sort());
    expect(await keepUp(fresh())).to.deep.equal({ done: 0, waiting: 1, failed: 0 });
    expect(await keepUp(later())).to.deep.equal({ done: 1, waiting: 0, failed: 0 });
    expect(await readFileRow(ownerOf("ann"), fileId, fresh())).to.equal(undefined);
    const again = await imported("ann", bought(1));
    expect(again.ids).to.have.length(1);
  });

  /** A file whose reading began then, and has not come to its end. */
  const beingRead = async (fileId: string, at: number, accountId?: string) => {
    const owner = ownerOf("ann");
    const act = { owner, changeId: `made-${fileId}`, at, correlationId: "c" };
    const fields = { fileName: "f.csv", fileSize: 1, ...(accountId !== undefined && { accountId }) };
    const file = fileRow({ ...newFile(owner, fileId, fields, act), status: "processing" });
    const entry = record("file.requested", `FILE#${fileId}`, [], act);
    await commit([{ rows: [{ table: filesTable, after: file }], tells: [entry] }], fresh());
    return importOf(file, { ...act, changeId: `read-${fileId}` });
  };

  it("that are being read keep their account, however long that takes, and may be deleted after an hour", async () => {
    const reading = await beingRead("f", Date.now() - 3_600_001);
    const params = { fileId: "f" };
    await storeTransactions(bought(3), reading, fresh());
    const refused = await ask("ann", associate, { params, body: { accountId: await account("ann") } });
    expect([refused.status, refused.body.detail]).to.deep.equal([
      409,
      "The file is being read: wait until that has ended, or, if it does not end within an hour, delete the file.",
    ]);
    expect((await ask("ann", remove, { params })).status).to.equal(204);
  });

  it("that are being read keep an account that is deleted, until their reading has failed for it", async () => {
    const owner = ownerOf("ann");
    const accountId = await account("ann");
    const reading = await beingRead("f", Date.now(), accountId);
    const { stored } = await storeTransactions(bought(3), reading, fresh());
    await ask("ann", "DELETE /accounts/{accountId}", { params: { accountId } });
    expect(await keepUp(later())).to.deep.equal({ done: 0, waiting: 1, failed: 0 });
    expect((await readFileRow(owner, "f", fresh()))?.accountId).to.equal(accountId);
    const failed = { status: "failed", transactionIds: [], duplicateCount: 0, errorMessage: "no account" } as const;
    await endImport(reading, failed, fresh());
    expect(await keepUp(later())).to.include({ failed: 0 });
    expect(await keepUp(fresh(Date.now() + 300_000))).to.include({ waiting: 0, failed: 0 });
    expect(await readFileRow(owner, "f", fresh())).not.to.have.any.keys("accountId", "unfinished");
    expect(await readAccountRow(owner, accountId, fresh())).to.equal(undefined);
    const rows = await readTransactionRows(owner, stored, fresh());
    expect([...rows.values()].every(isTombstone)).to.equal(true);
  });

  it("whose reading died fail for an account that was deleted, once nothing can end it any more", async () => {
    const owner = ownerOf("ann");
    const accountId = await account("ann");
    const arrivedAt = Date.now();
    const reading = await beingRead("f", arrivedAt, accountId);
    const { stored } = await storeTransactions(bought(3), reading, fresh());
    await ask("ann", "DELETE /accounts/{accountId}", { params: { accountId } });
    const nobodyReadsAfterMs = readingPatienceMs + readingLeaseMs;
    expect(await keepUp(fresh(arrivedAt + nobodyReadsAfterMs - 1_000))).to.deep.equal({
      done: 0,
      waiting: 1,
      failed: 0,
    });
    expect((await readFileRow(owner, "f", fresh()))?.status).to.equal("processing");
    const over = arrivedAt + nobodyReadsAfterMs + 1_000;
    await keepUp(fresh(over));
    await keepUp(fresh(over + 120_000));
    expect(await keepUp(fresh(over + 240_000))).to.include({ waiting: 0, failed: 0 });
    expect(await readAccountRow(owner, accountId, fresh())).to.equal(undefined);
    const { body } = await ask("ann", "GET /files/{fileId}", { params: { fileId: "f" } });
    expect(body).to.include({ status: "failed" }).and.not.to.have.property("accountId");
    expect(body.errorMessage).to.match(/^the account was deleted, and the file could not be read/);
    expect(told(real, "file.processed")).to.have.length(1);
    expect([...(await readTransactionRows(owner, stored, fresh())).values()].every(isTombstone)).to.equal(true);
  });

  it("that are being read are left alone, and what a failed reading stored is taken away", async () => {
    const run = fresh();
    const owner = ownerOf("ann");
    const reading = await beingRead("f", run.now());
    const params = { fileId: "f" };
    expect((await ask("ann", remove, { params })).status).to.equal(409);
    expect((await ask("ann", associate, { params, body: { accountId: await account("ann") } })).status).to.equal(409);
    const { stored } = await storeTransactions(bought(3), reading, run);
    await endImport(reading, { status: "failed", transactionIds: [], duplicateCount: 0, errorMessage: "no" }, run);
    expect((await ask("ann", "GET /files/{fileId}", { params })).body).to.include({
      status: "failed",
      errorMessage: "no",
    });
    expect(await keepUp(later())).to.include({ done: 1 });
    const rows = await readTransactionRows(owner, stored, run);
    expect([...rows.values()].every(isTombstone)).to.equal(true);
    expect(told(real, "transactions.deleted")).to.deep.equal([]);
  });

  it("of a deleted account belong to none, and its row goes last", async () => {
    const accountId = await account("ann");
    const { fileId } = await imported("ann", bought(2), accountId);
    await ask("ann", "DELETE /accounts/{accountId}", { params: { accountId } });
    expect((await ask("ann", "GET /files/{fileId}", { params: { fileId } })).body.accountId).to.equal(accountId);
    expect(await keepUp(later())).to.deep.equal({ done: 1, waiting: 0, failed: 0 });
    expect(told(real, "transactions.deleted")).to.have.length(1);
    expect((await ask("ann", "GET /files/{fileId}", { params: { fileId } })).body).not.to.have.property("accountId");
    expect(await readAccountRow(ownerOf("ann"), accountId, fresh())).to.equal(undefined);
  });

  it("are not finished by an upkeep that read them before somebody changed them", async () => {
    const { fileId } = await imported("ann", bought(3));
    await ask("ann", remove, { params: { fileId } });
    const stale = await readFileRow(ownerOf("ann"), fileId, fresh());
    if (!stale) expect.fail("no file");
    const refused = await finishFile({ ...stale, version: stale.version - 1 }, async () => undefined, later()).catch(
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(Error).with.property("conditionFailed", true);
  });
});
