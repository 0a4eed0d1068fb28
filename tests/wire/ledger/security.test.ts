import { expect } from "chai";
import fc from "fast-check";
import { analytics } from "../../../functions/processing/analytics";
import { categorization } from "../../../functions/processing/categorization";
import { byAccount, ownerOf, readUploadKey, uploadKey } from "../../../functions/processing/ledger/keys";
import { ledgerAccounts } from "../../../functions/processing/ledgerAccounts";
import { ledgerNotification } from "../../../functions/processing/ledgerNotification";
import { captureOutput } from "../output";
import { emptyTables } from "../tables";
import { batch, context, envelope, type World, world } from "../world";
import { makeInbox } from "./inbox";
import { account, ask, bodiesWithIds, bought, httpEvent, imported, routes, routesWithIds, type Sent } from "./requests";
import { rowsOf } from "./rows";

const secret = "Clinic 4711";

describe("what one person has", () => {
  let real: World;
  let ids: Record<string, string>;
  before(async () => {
    real = await world();
    await emptyTables("accounts", "files", "transactions", "category-rules", "event-store", "effects");
    const accountId = await account("ann", { name: secret });
    const {
      fileId,
      ids: [transactionId = ""],
    } = await imported("ann", bought(60, { description: secret }), accountId);
    const rule = await ask("ann", "POST /rules", { body: { categoryId: "health", contains: secret } });
    ids = { accountId, fileId, transactionId, ruleId: String(rule.body.ruleId) };
  });
  beforeEach(() => {
    real.bus.accepted.length = 0;
  });

  const everything = async () =>
    JSON.stringify(
      await Promise.all(
        ["GET /accounts", "GET /transactions", "GET /rules", "GET /files"].map(
          async (route) => (await ask("ann", route)).body,
        ),
      ),
    );

  it("is absent for another, word for word as what never was, by every route that takes an id", async () => {
    const before = await everything();
    expect(routesWithIds).to.have.length(13);
    for (const route of routesWithIds) {
      const named = [...route.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      const sent = (over: Record<string, string>): Sent => ({
        params: Object.fromEntries(named.map((name) => [name, over[name] ?? ""])),
        ...(bodiesWithIds[route] && { body: bodiesWithIds[route](over) }),
        headers: { "x-correlation-id": "same" },
      });
      const absent = Object.fromEntries(Object.keys(ids).map((name) => [name, "00mxyz000-nowhere"]));
      const foreign = await ask("bob", route, sent(ids));
      const nowhere = await ask("bob", route, sent(absent));
      expect(foreign.status, route).to.equal(404);
      expect([foreign.body, foreign.headers], route).to.deep.equal([nowhere.body, nowhere.headers]);
      expect(JSON.stringify(foreign)).not.to.include(secret);
    }
    expect(await everything()).to.equal(before);
    expect(real.bus.accepted).to.deep.equal([]);
  });

  it("is asked for by routes that all have a handler", async () => {
    for (const route of routes) {
      const { body } = await ask("carol", route, { params: {}, body: {} });
      expect(body?.detail, route).not.to.equal("There is no such route.");
    }
  });

  it("is not reached by ids in a body or a query", async () => {
    const before = await everything();
    const { accountId = "", fileId = "", transactionId = "", ruleId = "" } = ids;
    const bobs = await account("bob");
    const mine = (await imported("bob", bought(1))).ids[0] ?? "";
    const bulk = { transactionIds: [transactionId] };
    const missed = { changed: [], unchanged: [], notFound: [transactionId] };
    expect((await ask("bob", "POST /transactions/bulk-delete", { body: bulk })).body).to.deep.equal(missed);
    const edit = { ...bulk, edit: { note: "mine" } };
    expect((await ask("bob", "POST /transactions/bulk-edit", { body: edit })).body).to.deep.equal(missed);
    const join = { params: { accountId: bobs }, body: bulk };
    expect((await ask("bob", "POST /accounts/{accountId}/transactions", join)).body).to.deep.equal(missed);
    for (const query of [{ accountId }, { fileId }]) {
      expect((await ask("bob", "GET /transactions", { query })).body).to.deep.equal({ items: [] });
    }
    const into = { params: { transactionId: mine }, body: { accountId } };
    expect((await ask("bob", "PATCH /transactions/{transactionId}", into)).status).to.equal(422);
    expect((await ask("bob", "POST /files", { body: { fileName: "a", fileSize: 1, accountId } })).status).to.equal(422);
    expect((await ask("bob", "POST /rules/apply", { body: { ruleIds: [ruleId] } })).status).to.equal(422);
    expect(await everything()).to.equal(before);
  });

  it("is not reached by another's cursor, nor by the cursor of another list", async () => {
    const { body } = await ask("ann", "GET /transactions", { query: { limit: "5" } });
    const cursor = String(body.next);
    expect((await ask("ann", "GET /transactions", { query: { limit: "5", cursor } })).status).to.equal(200);
    for (const [user, route, query] of [
      ["bob", "GET /transactions", { cursor }],
      ["ann", "GET /transactions", { cursor, order: "oldest" }],
      ["ann", "GET /accounts", { cursor }],
      ["ann", "GET /transactions", { cursor: cursor.slice(0, -3) }],
    ] as const) {
      const refused = await ask(user, route, { query });
      expect([refused.status, refused.body.errors[0].parameter]).to.deep.equal([400, "cursor"]);
    }
    // Nor is it known by a cursor that was made for the right list, and leads to no place in it.
    for (const [route, query, change] of [
      ["GET /transactions", {}, { more: "x" }],
      ["GET /transactions", {}, { dated: "" }],
      ["GET /transactions", { from: "2026-10-05" }, { dated: "2026-10-04" }],
      ["GET /transactions", {}, { dated: "2026\ud800" }],
      ["GET /files", {}, { account_key: "x" }],
      ["GET /transactions", {}, { transaction_key: "€".repeat(350) }],
    ] as const) {
      await imported("ann", bought(1));
      const page = await ask("ann", route, { query: { limit: "1", ...query } });
      const [list, at] = JSON.parse(Buffer.from(String(page.body.next), "base64url").toString());
      const made = Buffer.from(JSON.stringify([list, { ...at, ...change }])).toString("base64url");
      const refused = await ask("ann", route, { query: { limit: "1", ...query, cursor: made } });
      expect([refused.status, refused.body.errors?.[0].parameter], JSON.stringify(change)).to.deep.equal([
        400,
        "cursor",
      ]);
    }
    // Even one that Bob makes up for himself only ever looks into what is Bob's.
    const [, place] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as [string, Record<string, string>];
    const own = await ask("bob", "GET /transactions", { query: { limit: "1" } });
    const forged = Buffer.from(
      JSON.stringify([
        own.body.next ? JSON.parse(Buffer.from(own.body.next, "base64url").toString())[0] : "x",
        { ...place, owner: "USER#ann" },
      ]),
    ).toString("base64url");
    const seen = await ask("bob", "GET /transactions", { query: { limit: "1", cursor: forged } });
    expect(JSON.stringify(seen.body)).not.to.include(secret);
  });

  it("is not reached through a name that spells another's keys", async () => {
    const { accountId = "" } = ids;
    for (const user of ["ann#ACCOUNT", `ann#ACCOUNT#${accountId}`, "ANN", "ann ", "USER#ann", "%61nn", "ann\u0000"]) {
      for (const route of ["GET /accounts", "GET /transactions", "GET /rules", "GET /files"]) {
        expect((await ask(user, route)).body, user).to.deep.equal({ items: [] });
      }
    }
    const name = fc.string({ unit: "binary", minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(Buffer.from(one).toString() === one && Buffer.from(other).toString() === other);
        expect(readUploadKey(uploadKey(ownerOf(one), "f"))).to.deep.equal({ owner: ownerOf(one), fileId: "f" });
        fc.pre(one !== other);
        expect(uploadKey(ownerOf(one), "f")).not.to.equal(uploadKey(ownerOf(other), "f"));
        expect(byAccount(ownerOf(one), "a")).not.to.equal(byAccount(ownerOf(other), "a"));
      }),
    );
    for (const key of [
      "uploads/YW5u/../x/f",
      "uploads/YW5u",
      "uploads//f",
      "uploads/YW5u=/f",
      "other/YW5u/f",
      "uploads/YW5u/a b",
    ]) {
      expect(readUploadKey(key), key).to.equal(undefined);
    }
  });

  it("is not reached by an event that names it as another's", async () => {
    const before = await everything();
    const inbox = await makeInbox("forged-notification");
    const { accountId = "", fileId = "", transactionId = "", ruleId = "" } = ids;
    await ask("eve", "POST /rules", { body: { categoryId: "mine", contains: "Clinic", autoApply: true } });
    // What is long past is told to nobody.
    const time = new Date().toISOString();
    const forged = (type: string, data: object) =>
      envelope(type, { eventId: `forged-${type}`, userId: "eve", data }, { source: "signal9.ledger", time });
    const transactionIds = [transactionId];
    const read = {
      fileId,
      accountId,
      transactionCount: 1,
      duplicateCount: 0,
      transactionIds,
      processingStatus: "success",
    };
    const made = { categoryId: "mine", ruleId, rulePattern: 'contains "Clinic"', autoApply: true };
    const bodies = [forged("file.processed", read), forged("account.deleted", { accountId, transactionCount: 1 })];
    await captureOutput(() => analytics(batch(...bodies), context()));
    const created = forged("category.rule_created", made);
    await captureOutput(() => categorization(batch(bodies[0] ?? "", created), context()));
    await captureOutput(() => ledgerNotification(batch(...bodies), context()));
    expect(await everything()).to.equal(before);
    const told = await inbox.take();
    expect(told.map(({ userId }) => userId)).to.deep.equal(["eve", "eve"]);
    const figures = (await rowsOf("analytics-status")).filter(({ owner }) => owner === "USER#eve");
    expect(figures.length).to.be.greaterThan(2);
    expect(JSON.stringify([told, figures]))
      .not.to.include(secret)
      .and.not.include("2026-10");
  });

  it("is for nobody whom no token names", async () => {
    for (const claims of [{}, { sub: "" }, { sub: "x".repeat(129) }, { sub: 7 }]) {
      const event = httpEvent("ann", "GET /accounts");
      Object.assign(event.requestContext.authorizer.jwt, { claims });
      const { result } = await captureOutput(() => ledgerAccounts(event, context()));
      expect(result.statusCode).to.equal(401);
    }
  });

  it("is in no line of the log", async () => {
    const { accountId = "", transactionId = "" } = ids;
    const lines = [
      ...(await ask("ann", "GET /accounts/{accountId}", { params: { accountId } })).lines,
      ...(
        await ask("ann", "PATCH /transactions/{transactionId}", { params: { transactionId }, body: { note: secret } })
      ).lines,
      ...(await ask("ann", "POST /rules", { body: { categoryId: "x", contains: secret, regex: `(${secret}` } })).lines,
      ...(await ask("ann", "POST /accounts", { body: { name: secret, type: "none", currency: "EUR" } })).lines,
    ];
    expect(lines.length).to.be.greaterThan(7);
    expect(JSON.stringify(lines)).not.to.include("4711");
  });

  it("stays as it is whatever is sent to any route", async () => {
    const before = await everything();
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom("transactionIds", "edit", "accountId", "version", "name", "contains", "__proto__"),
        fc.jsonValue(),
      ),
      fc.constantFrom("{", '{"a":', "\u0000", "' OR 1=1 --", "<script>alert(1)</script>", "[".repeat(10_000)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        anything,
        fc.string({ unit: "binary" }),
        fc.boolean(),
        async (route, body, text, asks) => {
          const params = Object.fromEntries(
            [...route.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, ids[name] ?? text]),
          );
          const { status } = await ask("mallory", route, {
            params,
            body,
            ...(asks && { query: { [text.slice(0, 5)]: text } }),
          });
          expect(status, route).to.be.within(200, 499);
        },
      ),
      { numRuns: 150 },
    );
    expect(await everything()).to.equal(before);
  });
});
