import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { ownerOf } from "../../../functions/processing/ledger/keys";
import { description } from "../../../functions/processing/ledger/operations/description";
import { count, ownRows } from "../../../functions/processing/ledger/query";
import { accountsTable } from "../../../functions/processing/ledger/row";
import { ledgerAccounts } from "../../../functions/processing/ledgerAccounts";
import { captureOutput } from "../output";
import { type Fault, withFaults } from "../stream/faults";
import { goesAfter } from "../tables";
import { context, type World, world } from "../world";
import { cleanBooks } from "./books";
import { account, ask, bought, fresh, httpEvent, imported } from "./requests";
import { rowsOf } from "./rows";

const one = "GET /accounts/{accountId}";
const patch = "PATCH /accounts/{accountId}";
const remove = "DELETE /accounts/{accountId}";

describe("accounts over HTTP", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(() => cleanBooks(real));

  const told = () =>
    real.bus.accepted.map(
      ({ DetailType, Detail }) => [DetailType, JSON.parse(Detail)] as [string, Record<string, unknown>],
    );

  it("are made, read, changed and deleted, each told of once", async () => {
    const made = await ask("ann", "POST /accounts", {
      body: { name: " Current ", type: "checking", currency: "EUR", accountNumber: "DE89 3704 0044 0532 0130 00" },
      headers: { "x-correlation-id": "story-1" },
    });
    expect(made.status).to.equal(201);
    expect(made.headers).to.include({ etag: '"1"', "x-correlation-id": "story-1", "cache-control": "no-store" });
    const { accountId } = made.body;
    expect(made.headers["location"]).to.equal(`/accounts/${accountId}`);
    expect(made.body).to.include({ name: "Current", accountNumberEnding: "3000", version: 1 });
    expect(made.body).to.not.have.any.keys("owner", "account_key", "change_id");
    const params = { accountId };
    expect((await ask("ann", one, { params })).body).to.deep.equal(made.body);
    const changed = await ask("ann", patch, { params, body: { name: "Daily", accountNumber: null, version: 1 } });
    expect(changed.body).to.include({ name: "Daily", version: 2 });
    expect(changed.body).not.to.have.property("accountNumberEnding");
    expect((await ask("ann", remove, { params, headers: { "if-match": '"2"' } })).status).to.equal(204);
    expect((await ask("ann", one, { params })).status).to.equal(404);
    expect((await ask("ann", "GET /accounts")).body).to.deep.equal({ items: [] });
    const events = told();
    expect(events.map(([type]) => type)).to.deep.equal(["account.created", "account.updated", "account.deleted"]);
    expect(events[0]?.[1]).to.deep.include({
      source: "signal9.ledger",
      userId: "ann",
      correlationId: "story-1",
      data: { accountId, accountName: "Current", accountType: "checking", currency: "EUR" },
    });
    expect(events[1]?.[1]["data"]).to.deep.equal({
      accountId,
      changes: [
        { field: "name", oldValue: "Current", newValue: "Daily" },
        { field: "accountNumberEnding", oldValue: "3000", newValue: null },
      ],
    });
    expect(events[2]?.[1]["data"]).to.deep.equal({ accountId, transactionCount: 0 });
  });

  it("are not changed from a version that is no longer the current one", async () => {
    const params = { accountId: await account("ann") };
    await ask("ann", patch, { params, body: { name: "Second" } });
    const stale = await ask("ann", patch, { params, body: { name: "Third", version: 1 } });
    expect([stale.status, stale.headers["etag"], stale.headers["content-type"]]).to.deep.equal([
      409,
      '"2"',
      "application/problem+json",
    ]);
    expect(stale.body).to.deep.include({
      status: 409,
      errors: [{ detail: "is not the current version", pointer: "#/version" }],
    });
    const byHeader = { params, headers: { "if-match": '"1"' } };
    expect((await ask("ann", patch, { ...byHeader, body: { name: "Third" } })).status).to.equal(409);
    expect((await ask("ann", remove, byHeader)).status).to.equal(409);
    expect((await ask("ann", remove, { params, headers: { "if-match": 'W/"2"' } })).status).to.equal(412);
    expect((await ask("ann", remove, { params, headers: { "if-match": "two" } })).status).to.equal(400);
    expect((await ask("ann", one, { params })).body).to.include({ name: "Second", version: 2 });
  });

  it("that are changed by many at once have every change, one after another", async () => {
    const params = { accountId: await account("ann") };
    const names = Array.from({ length: 6 }, (_, at) => `Name ${at}`);
    const answers = await Promise.all(names.map((name) => ask("ann", patch, { params, body: { name } })));
    expect(answers.map(({ status }) => status)).to.deep.equal(names.map(() => 200));
    expect((await ask("ann", one, { params })).body.version).to.equal(7);
    expect(told().filter(([type]) => type === "account.updated")).to.have.length(6);
  });

  it("are made once under one key, and the answer is the same again", async () => {
    const sent = {
      body: { name: "Once", type: "savings", currency: "EUR" },
      headers: { "idempotency-key": "key-1" },
    };
    const before = Date.now();
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask("ann", "POST /accounts", sent)));
    const [kept] = await rowsOf("effects");
    expect(kept?.["expires_at"]).to.be.within(goesAfter(1, before), goesAfter(1));
    answers.push(await ask("ann", "POST /accounts", sent));
    expect(
      new Set(answers.map(({ status, body, headers }) => JSON.stringify([status, body, headers["etag"]]))).size,
    ).to.equal(1);
    expect(answers[0]?.status).to.equal(201);
    expect((await ask("ann", "GET /accounts")).body.items).to.have.length(1);
    expect(told()).to.have.length(1);
    const other = await ask("ann", "POST /accounts", { ...sent, body: { ...sent.body, name: "Twice" } });
    expect([other.status, other.body.errors[0].header]).to.deep.equal([422, "Idempotency-Key"]);
    expect((await ask("bob", "POST /accounts", { ...sent, body: { ...sent.body, name: "Bob's" } })).status).to.equal(
      201,
    );
  });

  it("are made once though the table's answer was lost, also without a key", async () => {
    let writes = 0;
    const losing = (operation: string): Fault | undefined =>
      operation === "TransactWriteItems" && ++writes === 1 ? "lost" : undefined;
    const body = { name: "Once", type: "savings", currency: "EUR" };
    const made = await withFaults(losing, () => ask("ann", "POST /accounts", { body }));
    expect((await ask("ann", "GET /accounts")).body.items).to.deep.equal([made.body]);
    expect(told()).to.have.length(1);
    expect([made.status, writes]).to.deep.equal([201, 2]);
  });

  it("are changed and deleted once under one key", async () => {
    const params = { accountId: await account("ann") };
    const headers = { "idempotency-key": "key-2" };
    const first = await ask("ann", patch, { params, body: { name: "New" }, headers });
    await ask("ann", patch, { params, body: { name: "Newer" } });
    expect((await ask("ann", patch, { params, body: { name: "New" }, headers })).body).to.deep.equal(first.body);
    expect((await ask("ann", one, { params })).body.name).to.equal("Newer");
    const away = { params, headers: { "idempotency-key": "key-3" } };
    expect((await ask("ann", remove, away)).status).to.equal(204);
    expect((await ask("ann", remove, away)).status).to.equal(204);
    expect((await ask("ann", remove, { params })).status).to.equal(404);
  });

  it("come in pages, each row once", async () => {
    for (let at = 0; at < 7; at++) await account("ann", { name: `Account ${at}` });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: "3", ...(cursor !== undefined && { cursor }) };
      const { body } = await ask("ann", "GET /accounts", { query });
      names.push(...body.items.map(({ name }: { name: string }) => name));
      cursor = body.next;
    } while (cursor !== undefined);
    expect(names.sort()).to.deep.equal(Array.from({ length: 7 }, (_, at) => `Account ${at}`));
  });

  it("are counted to the end, however much is written of them", async () => {
    // A page of an answer has 1 MB at most.
    for (let at = 0; at < 3; at++) {
      const Item = { owner: ownerOf("ann"), account_key: `ACCOUNT#${at}`, name: "x".repeat(390_000) };
      await dynamodb().send(new PutCommand({ TableName: "accounts", Item }));
    }
    expect(await count(ownRows(accountsTable, ownerOf("ann")), fresh())).to.equal(3);
    expect(await count(ownRows(accountsTable, ownerOf("bob")), fresh())).to.equal(0);
  });

  it("take their transactions out of sight when they go", async () => {
    const accountId = await account("ann");
    const { ids } = await imported("ann", bought(3), accountId);
    expect((await ask("ann", remove, { params: { accountId } })).status).to.equal(204);
    const listed = await ask("ann", "GET /transactions");
    expect(listed.body).to.deep.equal({ items: [] });
    const params = { transactionId: ids[0] ?? "" };
    expect((await ask("ann", "GET /transactions/{transactionId}", { params })).status).to.equal(404);
    expect(told().at(-1)?.[1]["data"]).to.deep.equal({ accountId, transactionCount: 3 });
  });

  it("are refused with the field that is wrong, and never with what it says", async () => {
    const good = { name: "Current", type: "checking", currency: "EUR" };
    const wrong: [unknown, string][] = [
      [{ ...good, name: "" }, "#/name"],
      [{ ...good, name: "s3cret".repeat(100) }, "#/name"],
      [{ ...good, name: "s3cret\ud800" }, "#/name"],
      [{ ...good, institution: "\udc00s3cret" }, "#/institution"],
      [{ ...good, type: "s3cret" }, "#/type"],
      [{ ...good, currency: "EURO" }, "#/currency"],
      [{ ...good, currency: "QQQ" }, "#/currency"],
      [{ ...good, accountNumber: "s3cret!" }, "#/accountNumber"],
      [{ ...good, more: "s3cret" }, "#/more"],
      [{ name: "Current", type: "checking" }, "#/currency"],
      ['{"__proto__": {"name": "s3cret"}, "name": "a", "type": "checking", "currency": "EUR"}', "#/__proto__"],
      [["s3cret"], "#"],
      ["s3cret", "#"],
      ["7", "#"],
    ];
    for (const [body, pointer] of wrong) {
      const { status, body: said, lines } = await ask("ann", "POST /accounts", { body });
      expect(status, JSON.stringify(body)).to.equal(400);
      expect(
        said.errors.map((one: { pointer: string }) => one.pointer),
        JSON.stringify(said),
      ).to.include(pointer);
      expect(JSON.stringify([said, lines])).not.to.include("s3cret");
    }
    const plain = { body: good, headers: { "content-type": "text/plain" } };
    expect((await ask("ann", "POST /accounts", plain)).status).to.equal(415);
    expect((await ask("ann", "POST /accounts")).status).to.equal(400);
    expect((await ask("ann", "POST /accounts", { body: `"${"x".repeat(300_000)}"` })).status).to.equal(413);
    const noKey = { body: good, headers: { "idempotency-key": "with a space" } };
    expect((await ask("ann", "POST /accounts", noKey)).body.errors[0].header).to.equal("Idempotency-Key");
    for (const [name, value] of [
      ["limit", "0"],
      ["limit", "101"],
      ["limit", "x"],
      ["cursor", "x"],
      ["more", "1"],
    ] as const) {
      const { status, body } = await ask("ann", "GET /accounts", { query: { [name]: value } });
      expect([status, body.errors[0].parameter], `${name}=${value}`).to.deep.equal([400, name]);
    }
    expect((await ask("ann", "GET /accounts")).body.items).to.deep.equal([]);
    expect(told()).to.deep.equal([]);
  });

  it("are described to everybody, with or without a token", async () => {
    const event = httpEvent("", "GET /openapi.json");
    const { result } = await captureOutput(() => ledgerAccounts(event, context()));
    expect(result.statusCode).to.equal(200);
    expect(result.headers).to.include({ "cache-control": "public, max-age=300" });
    expect(JSON.parse(result.body ?? "")).to.deep.equal(JSON.parse(JSON.stringify(description())));
  });

  it("never have their number in a log, an event or a table", async () => {
    const number = "DE89370400440532013000";
    const made = await ask("ann", "POST /accounts", {
      body: { name: "Current", type: "checking", currency: "EUR", accountNumber: number },
      headers: { "idempotency-key": "n" },
    });
    const everywhere = JSON.stringify([made.body, made.lines, real.bus.accepted, await ask("ann", "GET /accounts")]);
    expect(everywhere).to.include("3000");
    expect(everywhere).not.to.include("0532013000");
  });
});
