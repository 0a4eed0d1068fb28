import { expect } from "chai";
import { type World, world } from "../world";
import { cleanBooks, told } from "./books";
import { ask, bought, imported } from "./requests";

const make = "POST /rules";
const patch = "PATCH /rules/{ruleId}";
const apply = "POST /rules/apply";

describe("category rules over HTTP", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(() => cleanBooks(real));

  const rule = async (body: Record<string, unknown>): Promise<string> => {
    const made = await ask("ann", make, { body });
    expect(made.status, JSON.stringify(made.body)).to.equal(201);
    return String(made.body.ruleId);
  };

  const categories = async (): Promise<Record<string, string | undefined>> => {
    const { body } = await ask("ann", "GET /transactions", { query: { limit: "100" } });
    return Object.fromEntries(
      (body.items as { description: string; categoryId?: string }[]).map((one) => [one.description, one.categoryId]),
    );
  };

  it("are made, changed and deleted", async () => {
    const ruleId = await rule({ categoryId: "coffee", contains: "Café", regex: "bar|café", amountTo: -100 });
    expect(told(real, "category.rule_created")).to.deep.equal([
      {
        categoryId: "coffee",
        ruleId,
        rulePattern: 'contains "Café" and matches "bar|café" and amount any to -100',
        autoApply: true,
      },
    ]);
    const params = { ruleId };
    const changed = await ask("ann", patch, { params, body: { contains: null, priority: 7, version: 1 } });
    expect(changed.body).to.include({ regex: "bar|café", priority: 7, version: 2 });
    expect(changed.body).not.to.have.property("contains");
    expect((await ask("ann", patch, { params, body: { priority: 8, version: 1 } })).status).to.equal(409);
    const empty = await ask("ann", patch, { params, body: { regex: null, amountTo: null } });
    expect([empty.status, empty.body.errors[0].pointer]).to.deep.equal([422, "#/contains"]);
    expect((await ask("ann", "GET /rules")).body.items).to.deep.equal([changed.body]);
    expect((await ask("ann", "DELETE /rules/{ruleId}", { params })).status).to.equal(204);
    expect((await ask("ann", "GET /rules/{ruleId}", { params })).status).to.equal(404);
  });

  it("take over what another rule put into the same category, once", async () => {
    const { ids } = await imported("ann", bought(1, { description: "Café" }));
    const params = { transactionId: ids[0] ?? "" };
    const assigned = async () =>
      (await ask("ann", "GET /transactions/{transactionId}", { params })).body.assignment.ruleId as string;
    const first = await rule({ categoryId: "coffee", contains: "café", priority: 1 });
    await ask("ann", apply, { body: { transactions: "all" } });
    expect(await assigned()).to.equal(first);
    const second = await rule({ categoryId: "coffee", contains: "caf", priority: 2 });
    const again = async () => (await ask("ann", apply, { body: { transactions: "all" } })).body.categorized as number;
    expect([await again(), await again()]).to.deep.equal([1, 0]);
    expect(await assigned()).to.equal(second);
  });

  it("put what is there into categories: by priority, and never against a person's choice", async () => {
    const items = [
      ...bought(1, { description: "CAFÉ Central", amount: -450 }),
      ...bought(1, { description: "Café supplies", amount: -45_000 }),
      ...bought(1, { description: "Sal\u00e1ry 10/2026", amount: 250_000, date: "2026-10-27" }),
      ...bought(1, { description: "Café by hand", amount: -300 }),
      ...bought(1, { description: "Something else" }),
    ];
    const { ids } = await imported("ann", items);
    const byHand = { params: { transactionId: ids[3] ?? "" }, body: { categoryId: "gifts" } };
    await ask("ann", "PATCH /transactions/{transactionId}", byHand);
    await rule({ categoryId: "coffee", contains: "café", priority: 1 });
    const office = await rule({
      categoryId: "office",
      contains: "café",
      amountTo: -10_000,
      priority: 9,
      confidence: 0.8,
    });
    await rule({
      categoryId: "income",
      // Its accent is a character of its own here, and a part of its letter in the description.
      regex: "^sala\u0301ry \\d+/\\d{4}$",
      amountFrom: 1,
      dateFrom: "2026-10-25",
      dateTo: "2026-10-31",
    });
    const first = await ask("ann", apply, { body: {} });
    expect(first.body).to.deep.equal({ examined: 5, categorized: 3 });
    expect(await categories()).to.deep.equal({
      "CAFÉ Central": "coffee",
      "Café supplies": "office",
      "Sal\u00e1ry 10/2026": "income",
      "Café by hand": "gifts",
      "Something else": undefined,
    });
    const events = told(real, "transaction.categorized").filter(
      ({ assignmentType }) => assignmentType === "rule_based",
    );
    expect(events.find(({ transactionId }) => transactionId === ids[1])).to.deep.equal({
      transactionId: ids[1],
      categoryId: "office",
      confidence: 0.8,
      assignmentType: "rule_based",
      ruleId: office,
    });
    expect(
      told(real, "category.rules_applied")
        .map(({ categoryId }) => categoryId)
        .sort(),
    ).to.deep.equal(["coffee", "income", "office"]);
    expect((await ask("ann", apply, { body: { transactions: "all" } })).body.categorized).to.equal(0);
    await ask("ann", patch, { params: { ruleId: office }, body: { categoryId: "work" } });
    expect((await ask("ann", apply, { body: {} })).body.categorized).to.equal(0);
    expect((await ask("ann", apply, { body: { transactions: "all", ruleIds: [office] } })).body.categorized).to.equal(
      2 - 1,
    );
    expect((await categories())["Café supplies"]).to.equal("work");
    for (const ruleIds of [["nowhere"], [office, "nowhere"]]) {
      const unknown = await ask("ann", apply, { body: { ruleIds } });
      expect([unknown.status, unknown.body.errors?.[0].pointer]).to.deep.equal([422, "#/ruleIds"]);
    }
  });

  it("put hundreds into a category with one event for as many as fit", async () => {
    await imported("ann", bought(120));
    await rule({ categoryId: "shops", contains: "shop" });
    expect((await ask("ann", apply, { body: {} })).body).to.deep.equal({ examined: 120, categorized: 120 });
    const sizes = told(real, "category.rules_applied").map(({ transactionIds }) => (transactionIds as string[]).length);
    expect(sizes).to.deep.equal([49, 49, 2, 20]);
    expect(told(real, "transaction.categorized")).to.have.length(120);
  });

  it("are refused where they could never hold, or their pattern is not understood", async () => {
    const wrong: [Record<string, unknown>, number, string][] = [
      [{ categoryId: "a" }, 422, "#/contains"],
      [{ categoryId: "a", regex: "(a+" }, 422, "#/regex"],
      [{ categoryId: "a", regex: "(?=a)" }, 422, "#/regex"],
      [{ categoryId: "a", regex: `[${"abcdefghijk".repeat(10)}]{0,100}Q` }, 422, "#/regex"],
      [{ categoryId: "a", regex: "a".repeat(201) }, 400, "#/regex"],
      [{ categoryId: "a", amountFrom: 2, amountTo: 1 }, 422, "#/amountTo"],
      [{ categoryId: "a", dateFrom: "2026-02-02", dateTo: "2026-02-01" }, 422, "#/dateTo"],
      [{ categoryId: "a", amountFrom: 1.5 }, 400, "#/amountFrom"],
      [{ categoryId: "a", amountFrom: 2 ** 60 }, 400, "#/amountFrom"],
      [{ categoryId: "../x", contains: "x" }, 400, "#/categoryId"],
      [{ categoryId: "a", contains: "x", priority: -1 }, 400, "#/priority"],
      [{ categoryId: "a", contains: "x", confidence: 2 }, 400, "#/confidence"],
      [{ contains: "x" }, 400, "#/categoryId"],
    ];
    for (const [body, status, pointer] of wrong) {
      const refused = await ask("ann", make, { body });
      expect([refused.status, refused.body.errors[0].pointer], JSON.stringify(body)).to.deep.equal([status, pointer]);
    }
    expect((await ask("ann", "GET /rules")).body.items).to.deep.equal([]);
    await rule({ categoryId: "a", regex: "[A-Za-z0-9äöüß ._-]{2,40}" });
    await rule({ categoryId: "a", regex: Array.from({ length: 33 }, () => "rewe").join("|") });
  });
});
