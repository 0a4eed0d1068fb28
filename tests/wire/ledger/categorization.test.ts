import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { categorization } from "../../../functions/processing/categorization";
import { categorizeAutomatically, foreseeCategories } from "../../../functions/processing/categorization/automatic";
import { categorizedAfter } from "../../../functions/processing/categorization/heard";
import { consume } from "../../../functions/processing/consume/consume";
import { receive } from "../../../functions/processing/events/receive";
import { ruleKey } from "../../../functions/processing/ledger/keys";
import { readTransactions } from "../../../functions/processing/ledger/read";
import type { Rule } from "../../../functions/processing/ledger/rule";
import { processRuntime } from "../../../functions/processing/runtime";
import { captureOutput } from "../output";
import { batch, context, envelope, type World, world } from "../world";
import { ann, cleanBooks, edited, fresh, heard, imported, spent } from "./books";
import { ask } from "./requests";

const at = "2026-10-29T12:00:00.000Z";

const rule = async (owner: string, ruleId: string, categoryId: string, over: Partial<Rule> = {}): Promise<void> => {
  const row = { ...ruleKey(owner, ruleId), ruleId, categoryId, priority: 1, confidence: 0.9, autoApply: true };
  const Item = { ...row, version: 1, createdAt: at, updatedAt: at, change_id: "made", ...over };
  await dynamodb().send(new PutCommand({ TableName: "category-rules", Item }));
};

const categories = async (owner: string, ...ids: string[]) =>
  (await readTransactions(owner, ids, fresh())).map(({ categoryId }) => categoryId);

describe("the categorisation of what is new", () => {
  let real: World;
  before(async () => {
    real = await world();
  });
  beforeEach(() => cleanBooks(real));

  const hear = async (...bodies: string[]) => {
    const { result, lines } = await captureOutput(() => categorization(batch(...bodies), context()));
    expect(result.batchItemFailures).to.deep.equal([]);
    return lines.flatMap(({ outcome }) => (outcome ? [outcome] : [])).sort();
  };
  const published = () =>
    real.bus.accepted.splice(0).map(({ DetailType, Detail }) => ({ type: DetailType, ...JSON.parse(Detail) }));

  it("follows the rule of highest priority, tells of it, and does it once", async () => {
    await rule(ann, "r1", "food", { contains: "shop", priority: 1 });
    await rule(ann, "r2", "rent", { amountTo: -50_000, priority: 9 });
    await rule(ann, "r3", "never", { contains: "shop", priority: 100, autoApply: false });
    await rule("USER#bob", "r4", "other", { contains: "shop", priority: 1_000 });
    await imported(ann, "f", [spent("a", -100), spent("b", -60_000), spent("c", -5, { description: "Tram" })]);
    const bodies = heard(real);
    expect(await hear(...bodies)).to.deep.equal(["categorized"]);
    expect(await categories(ann, "a", "b", "c")).to.deep.equal(["food", "rent", undefined]);
    const told = published();
    expect(told.map(({ type }) => type).sort()).to.deep.equal([
      "category.rules_applied",
      "category.rules_applied",
      "transaction.categorized",
      "transaction.categorized",
    ]);
    const cause = JSON.parse(bodies[0] ?? "{}").detail.eventId;
    for (const event of told) expect(event).to.include({ userId: "ann", causationId: cause });
    expect(told.find(({ data }) => data.transactionId === "b")?.data).to.deep.equal({
      transactionId: "b",
      categoryId: "rent",
      confidence: 0.9,
      assignmentType: "rule_based",
      ruleId: "r2",
    });
    expect(await hear(...bodies, ...bodies)).to.deep.equal(["none", "none"]);
    expect(published()).to.deep.equal([]);
  });

  it("looks at all of a long statement, also where the event could not name them", async () => {
    await rule(ann, "r1", "food", { contains: "shop" });
    const many = Array.from({ length: 230 }, (_, number) => spent(`t-${String(number).padStart(3, "0")}`, -1 - number));
    await imported(ann, "f", many);
    await imported(ann, "g", [spent("other", -7)]);
    const [first = ""] = heard(real);
    const envelopeOf = JSON.parse(first);
    envelopeOf.detail.data.transactionIds = [];
    expect(await hear(JSON.stringify(envelopeOf))).to.deep.equal(["categorized"]);
    const all = await categories(ann, ...many.map(({ transactionId }) => transactionId));
    expect(all).to.deep.equal(many.map(() => "food"));
    expect(await categories(ann, "other")).to.deep.equal([undefined]);
    const ids = published().flatMap(({ type, data }) =>
      type === "transaction.categorized" ? [data.transactionId] : [],
    );
    expect(new Set(ids).size).to.equal(230);
    expect(ids).to.have.length(230);
  });

  it("tries a new rule on what is there, and leaves alone what has a category", async () => {
    await imported(ann, "f", [spent("a", -100), spent("b", -200)]);
    await edited(ann, "a", { categoryId: "mine", assignment: { type: "manual", confidence: 1 } });
    published();
    await rule(ann, "r1", "food", { contains: "shop" });
    const created = (eventId: string, autoApply: boolean) =>
      envelope(
        "category.rule_created",
        { eventId, userId: "ann", data: { categoryId: "food", ruleId: "r1", rulePattern: "shop", autoApply } },
        { source: "signal9.ledger" },
      );
    expect(await hear(created("e-1", false))).to.deep.equal(["none"]);
    expect(await categories(ann, "a", "b")).to.deep.equal(["mine", undefined]);
    expect(await hear(created("e-2", true))).to.deep.equal(["categorized"]);
    expect(await categories(ann, "a", "b")).to.deep.equal(["mine", "food"]);
    await rule(ann, "r2", "better", { contains: "shop", priority: 9 });
    expect(await hear(created("e-3", true))).to.deep.equal(["none"]);
    expect(await categories(ann, "a", "b")).to.deep.equal(["mine", "food"]);
  });

  it("tries every rule, also where there are more than a person may have", async () => {
    const others = Array.from({ length: 204 }, (_, number) => `r${String(number).padStart(3, "0")}`);
    await Promise.all(others.map((id) => rule(ann, id, "other", { contains: "nothing like it" })));
    await rule(ann, "r999", "food", { contains: "shop" });
    await imported(ann, "f", [spent("a", -100)]);
    expect(await hear(...heard(real))).to.deep.equal(["categorized"]);
    expect(await categories(ann, "a")).to.deep.equal(["food"]);
    expect((await ask("ann", "POST /rules/apply", { body: { ruleIds: ["r999"] } })).status).to.equal(200);
  });

  it("leaves out of any category what a person took out of it, whatever comes again", async () => {
    await rule(ann, "r1", "food", { contains: "shop" });
    await imported(ann, "f", [spent("a", -100)]);
    const bodies = heard(real);
    expect(await hear(...bodies)).to.deep.equal(["categorized"]);
    await ask("ann", "PATCH /transactions/{transactionId}", {
      params: { transactionId: "a" },
      body: { categoryId: null },
    });
    expect(await hear(...bodies)).to.deep.equal(["none"]);
    expect((await ask("ann", "POST /rules/apply", { body: { transactions: "all" } })).body.categorized).to.equal(0);
    expect(await categories(ann, "a")).to.deep.equal([undefined]);
  });

  it("is foreseen, done already or not, without what a person decided", async () => {
    await rule(ann, "r1", "food", { contains: "shop" });
    await imported(ann, "f", [spent("a", -100), spent("b", -200)]);
    const [body = ""] = heard(real);
    const foreseen = async () => [...(await foreseeCategories(receive(body, categorizedAfter), fresh()))];
    expect(await foreseen()).to.deep.equal([["r1", ["a", "b"]]]);
    await hear(body);
    expect(await foreseen()).to.deep.equal([["r1", ["a", "b"]]]);
    await ask("ann", "PATCH /transactions/{transactionId}", {
      params: { transactionId: "a" },
      body: { categoryId: null },
    });
    expect(await foreseen()).to.deep.equal([["r1", ["b"]]]);
  });

  it("has each effect once where an event comes several times at the same moment", async () => {
    await rule(ann, "r1", "food", { contains: "shop" });
    await imported(
      ann,
      "f",
      Array.from({ length: 60 }, (_, number) => spent(`t-${number}`, -1 - number)),
    );
    const [body = ""] = heard(real);
    await hear(body, body, body);
    const ids = published().flatMap(({ type, data }) =>
      type === "transaction.categorized" ? [data.transactionId] : [],
    );
    expect(new Set(ids).size).to.equal(60);
    expect(ids).to.have.length(60);
  });

  it("ends for a person whose rules take too long, and for nobody whose event came with theirs", async () => {
    const bob = "USER#bob";
    const dear = { regex: "(.{0,100}a){2}b" };
    const ids = Array.from({ length: 200 }, (_, number) => `r${number}`);
    await Promise.all(ids.map((id) => rule(bob, id, "never", dear)));
    const long = { description: "x".repeat(500) };
    await imported(
      bob,
      "f",
      Array.from({ length: 20 }, (_, number) => spent(`b-${number}`, -1 - number, long)),
    );
    await rule(ann, "r1", "food", { contains: "shop" });
    await imported(ann, "g", [spent("a", -100)]);
    // A slow machine: each second of it is twenty.
    const slow = { ...processRuntime, now: () => Date.parse(at) + Math.floor(performance.now() * 20) };
    const handler = consume({ name: "slow", accepts: categorizedAfter, handle: categorizeAutomatically }, slow);
    const { result, lines } = await captureOutput(() => handler(batch(...heard(real)), context()));
    expect(result.batchItemFailures).to.deep.equal([]);
    const ends = lines.flatMap(({ level, message, userId }) =>
      message === undefined || level === "WARN" ? [] : [[userId, message]],
    );
    expect(ends).to.deep.equal([
      ["ann", "handled"],
      ["bob", "failed, sent to the dead letter queue"],
    ]);
    expect(await categories(ann, "a")).to.deep.equal(["food"]);
    const letters = await real.deadLetters.take();
    expect(letters.map(({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue)).to.deep.equal([
      "the rules take more than 10 s: their patterns must be simpler",
    ]);
  });
});
