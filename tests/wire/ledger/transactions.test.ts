import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { type Fault, withFaults } from "../stream/faults";
import { context, type World, world } from "../world";
import { cleanBooks, told } from "./books";
import { account, ask, bought, imported, type Sent } from "./requests";

const one = "GET /transactions/{transactionId}";
const patch = "PATCH /transactions/{transactionId}";
const remove = "DELETE /transactions/{transactionId}";
const list = "GET /transactions";

describe("transactions over HTTP", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(() => cleanBooks(real));

  it("are edited, with what changed in the event, and a category chosen by hand in another", async () => {
    const accountId = await account("ann");
    const { ids } = await imported("ann", bought(1), accountId);
    const [transactionId = ""] = ids;
    const params = { transactionId };
    const body = { description: "Bakery", note: "birthday", categoryId: "groceries", version: 1 };
    const edited = await ask("ann", patch, { params, body });
    expect(edited.body).to.deep.include({
      description: "Bakery",
      categoryId: "groceries",
      assignment: { type: "manual", confidence: 1 },
      version: 2,
    });
    expect((await ask("ann", one, { params })).body).to.deep.equal(edited.body);
    expect(told(real, "transaction.updated")).to.deep.equal([
      {
        transactionId,
        accountId,
        changes: [
          { field: "description", oldValue: "Shop 0", newValue: "Bakery" },
          { field: "note", oldValue: null, newValue: "birthday" },
          { field: "categoryId", oldValue: null, newValue: "groceries" },
        ],
      },
    ]);
    expect(told(real, "transaction.categorized")).to.deep.equal([
      { transactionId, accountId, categoryId: "groceries", confidence: 1, assignmentType: "manual" },
    ]);
    const again = await ask("ann", patch, { params, body: { description: "Bakery" } });
    expect(again.body).to.deep.equal(edited.body);
    const cleared = await ask("ann", patch, { params, body: { categoryId: null, note: null } });
    expect(cleared.body).to.not.have.any.keys("categoryId", "note");
    expect(cleared.body.assignment).to.deep.equal({ type: "manual", confidence: 1 });
    expect(told(real, "transaction.updated")).to.have.length(2);
    expect(told(real, "transaction.categorized")).to.have.length(1);
    expect((await ask("ann", patch, { params, body: { note: "x", version: 1 } })).status).to.equal(409);
  });

  it("are listed by day, account, category and file, in pages that have each once", async () => {
    const accountId = await account("ann");
    const first = await imported("ann", bought(25), accountId);
    await imported("ann", bought(5, { date: "2026-11-03" }));
    const chosen = first.ids.slice(0, 10);
    const edit = { categoryId: "groceries" };
    await ask("ann", "POST /transactions/bulk-edit", { body: { transactionIds: chosen, edit } });
    const all = async (query: Record<string, string>) => {
      const found: { transactionId: string; date: string }[] = [];
      let cursor: string | undefined;
      do {
        const page = await ask("ann", list, { query: { ...query, limit: "4", ...(cursor && { cursor }) } });
        expect(page.status).to.equal(200);
        found.push(...page.body.items);
        cursor = page.body.next;
      } while (cursor !== undefined);
      expect(new Set(found.map(({ transactionId }) => transactionId)).size).to.equal(found.length);
      return found;
    };
    const newest = await all({});
    expect(newest).to.have.length(30);
    expect(newest.map(({ date }) => date)).to.deep.equal(
      newest
        .map(({ date }) => date)
        .sort()
        .reverse(),
    );
    const oldest = await all({ order: "oldest", from: "2026-10-05", to: "2026-10-09" });
    expect(oldest.map(({ date }) => date.slice(-2))).to.deep.equal(["05", "06", "07", "08", "09"]);
    expect(await all({ accountId })).to.have.length(25);
    expect(await all({ fileId: first.fileId })).to.have.length(25);
    const groceries = await all({ categoryId: "groceries" });
    expect(groceries.map(({ transactionId }) => transactionId).sort()).to.deep.equal([...chosen].sort());
    expect(await all({ accountId, categoryId: "groceries", from: "2026-10-03" })).to.have.length(8);
    expect(await all({ accountId: "nowhere" })).to.deep.equal([]);
    const params = { transactionId: chosen[0] ?? "" };
    const huge = await ask("ann", "PATCH /transactions/{transactionId}", { params, body: { amount: -(10 ** 13) - 1 } });
    expect([huge.status, huge.body.errors?.[0].pointer]).to.deep.equal([400, "#/amount"]);
    for (const [query, parameter] of [
      [{ from: "2026-02-30" }, "from"],
      [{ from: "2026-02-02", to: "2026-02-01" }, "to"],
    ] as const) {
      const wrong = await ask("ann", list, { query });
      expect([wrong.status, wrong.body.errors?.[0].parameter]).to.deep.equal([400, parameter]);
    }
  });

  it("are deleted for good: the next statement does not bring them back", async () => {
    const items = bought(2);
    const { ids } = await imported("ann", items);
    const params = { transactionId: ids[0] ?? "" };
    expect((await ask("ann", remove, { params })).status).to.equal(204);
    expect((await ask("ann", one, { params })).status).to.equal(404);
    expect((await ask("ann", remove, { params })).status).to.equal(404);
    expect((await ask("ann", patch, { params, body: { note: "x" } })).status).to.equal(404);
    const again = await imported("ann", items);
    expect(again.ids).to.deep.equal([]);
    expect((await ask("ann", list)).body.items).to.have.length(1);
    expect(told(real, "transactions.deleted")).to.deep.equal([
      { transactionIds: [ids[0]], accountIds: [], deletionType: "single" },
    ]);
  });

  it("are edited and deleted by hundreds, in as few events as fit, and once under one key", async () => {
    const { ids } = await imported("ann", bought(150));
    const headers = { "idempotency-key": "bulk-1" };
    const body = { transactionIds: [...ids, "nowhere"], edit: { categoryId: "travel" } };
    const edited = await ask("ann", "POST /transactions/bulk-edit", { body, headers });
    expect(edited.body).to.deep.equal({ changed: ids, unchanged: [], notFound: ["nowhere"] });
    expect((await ask("ann", "POST /transactions/bulk-edit", { body, headers })).body).to.deep.equal(edited.body);
    expect((await ask("ann", "POST /transactions/bulk-edit", { body })).body.unchanged).to.deep.equal(ids);
    expect(told(real, "transaction.updated")).to.have.length(150);
    const away = { transactionIds: ids };
    expect((await ask("ann", "POST /transactions/bulk-delete", { body: away })).body.changed).to.deep.equal(ids);
    expect((await ask("ann", "POST /transactions/bulk-delete", { body: away })).body.notFound).to.deep.equal(ids);
    const events = told(real, "transactions.deleted") as { transactionIds: string[]; deletionType: string }[];
    expect(events.map(({ transactionIds }) => transactionIds.length)).to.deep.equal([97, 53]);
    expect(events.map(({ deletionType }) => deletionType)).to.deep.equal(["bulk", "bulk"]);
    const many = { transactionIds: Array.from({ length: 501 }, () => randomUUID()), edit: { note: "x" } };
    const refused = await ask("ann", "POST /transactions/bulk-edit", { body: many });
    expect([refused.status, refused.body.errors[0].pointer]).to.deep.equal([400, "#/transactionIds"]);
    for (const [body, detail, pointer] of [
      [{ transactionIds: ids, edit: [] }, "edit must be an object", "#/edit"],
      [[ids], "The body must be an object", "#"],
    ] as const) {
      const { status, body: problem } = await ask("ann", "POST /transactions/bulk-edit", { body });
      expect([status, problem.detail, problem.errors]).to.deep.equal([
        400,
        detail,
        [{ detail: "must be an object", pointer }],
      ]);
    }
  });

  it("are finished by a repeated request that was cut off in the middle", async () => {
    const { ids } = await imported("ann", bought(120));
    const sent = { body: { transactionIds: ids }, headers: { "idempotency-key": "cut" } };
    let looks = 0;
    const short = { ...context(), getRemainingTimeInMillis: () => (++looks === 1 ? 30_000 : 100) };
    const cut = await ask("ann", "POST /transactions/bulk-delete", sent, short);
    expect([cut.status, cut.headers["retry-after"]]).to.deep.equal([503, "1"]);
    expect((await ask("ann", list, { query: { limit: "100" } })).body.items).to.have.length(23);
    const done = await ask("ann", "POST /transactions/bulk-delete", sent);
    expect(done.body).to.deep.equal({ changed: ids, unchanged: [], notFound: [] });
    expect((await ask("ann", list)).body.items).to.deep.equal([]);
    expect(
      told(real, "transactions.deleted").flatMap(({ transactionIds }) => transactionIds as string[]),
    ).to.deep.equal(ids);
  });

  it("move to another account of their owner's, and to no other", async () => {
    const [from, to, bobs] = [await account("ann"), await account("ann"), await account("bob")];
    const { ids } = await imported("ann", bought(3), from);
    const moved = await ask("ann", "POST /accounts/{accountId}/transactions", {
      params: { accountId: to },
      body: { transactionIds: ids.slice(0, 2) },
    });
    expect(moved.body.changed).to.deep.equal(ids.slice(0, 2));
    expect((await ask("ann", list, { query: { accountId: to } })).body.items).to.have.length(2);
    expect((await ask("ann", list, { query: { accountId: from } })).body.items).to.have.length(1);
    const params = { transactionId: ids[0] ?? "" };
    for (const accountId of [bobs, "nowhere"]) {
      const refused = await ask("ann", patch, { params, body: { accountId } });
      expect([refused.status, refused.body.errors]).to.deep.equal([
        422,
        [{ detail: "must be one of your accounts", pointer: "#/accountId" }],
      ]);
      const route = "POST /accounts/{accountId}/transactions";
      expect((await ask("ann", route, { params: { accountId }, body: { transactionIds: ids } })).status).to.equal(404);
    }
    const bulk = { transactionIds: ids, edit: { accountId: bobs } };
    expect((await ask("ann", "POST /transactions/bulk-edit", { body: bulk })).body.errors[0].pointer).to.equal(
      "#/edit/accountId",
    );
  });

  it("go to no account that is deleted at that moment, and no file does", async () => {
    const { ids, fileId } = await imported("ann", bought(2));
    const [transactionId = ""] = ids;
    const ways: ((accountId: string) => [route: string, sent: Sent])[] = [
      (accountId) => [patch, { params: { transactionId }, body: { accountId } }],
      (accountId) => ["POST /transactions/bulk-edit", { body: { transactionIds: ids, edit: { accountId } } }],
      (accountId) => [
        "POST /accounts/{accountId}/transactions",
        { params: { accountId }, body: { transactionIds: ids } },
      ],
      (accountId) => ["PUT /files/{fileId}/account", { params: { fileId }, body: { accountId } }],
      (accountId) => ["POST /files", { body: { fileName: "statement.csv", fileSize: 10, accountId } }],
    ];
    for (const way of ways) {
      const accountId = await account("ann");
      const [route, sent] = way(accountId);
      let deleted: Promise<unknown> | undefined;
      const deleting = async (operation: string): Promise<Fault | undefined> => {
        if (operation !== "TransactWriteItems" || deleted) return undefined;
        deleted = ask("ann", "DELETE /accounts/{accountId}", { params: { accountId } });
        await deleted;
        return undefined;
      };
      const { status } = await withFaults(deleting, () => ask("ann", route, sent));
      expect(status, route).to.be.oneOf([404, 422]);
      const { items } = (await ask("ann", list)).body;
      expect(items, route).to.have.length(2);
      expect(JSON.stringify(items), route).not.to.include(accountId);
    }
  });
});
