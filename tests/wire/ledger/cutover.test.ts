import { expect } from "chai";
import fc from "fast-check";
import { readBooks } from "../../../functions/processing/analytics/books";
import { cashFlow } from "../../../functions/processing/analytics/cashFlow";
import { canonical } from "../../../functions/processing/canonical";
import { ownerOf } from "../../../functions/processing/ledger/keys";
import { settledAfterMs, sweep } from "../../../functions/processing/outbox/sweep";
import { captureOutput } from "../output";
import { type Paths, startPaths } from "./paths";
import { account, ask, bought, fresh, imported } from "./requests";
import { type Row, rowsOf } from "./rows";

const people = ["ann", "bob", "eve"];
/** There and back: the bus alone, both, direct triggers alone, both, the bus alone. */
const settings: [publishing: boolean, triggers: boolean][] = [
  [true, false],
  [true, true],
  [false, true],
  [true, true],
  [true, false],
];

const made = async (user: string, number: number): Promise<void> => {
  const { ids } = await imported(user, bought(2, { amount: -number - 1 }), undefined);
  const transactionId = ids[0] ?? "";
  if (number % 3 === 0) {
    await ask(user, "PATCH /transactions/{transactionId}", { params: { transactionId }, body: { amount: number + 5 } });
  }
  if (number % 3 === 1) await ask(user, "DELETE /transactions/{transactionId}", { params: { transactionId } });
  if (number % 3 === 2) await account(user, { name: `Account ${number}` });
};

describe("cutting over from one path to the other and back", function () {
  this.timeout(60_000);
  let paths: Paths;
  before(async () => {
    paths = await startPaths();
  });
  beforeEach(() => paths.clean());
  after(() => paths.end());

  /** A stream of changes during which the settings change; what is under way arrives later, under other settings. */
  const stream = async (seed: number): Promise<void> => {
    const [numbers = []] = fc.sample(fc.array(fc.nat(99), { minLength: 15, maxLength: 15 }), { numRuns: 1, seed });
    for (const user of people) {
      await ask(user, "POST /rules", { body: { categoryId: "shops", contains: "Shop", autoApply: true } });
    }
    for (const [at, number] of numbers.entries()) {
      paths.set(...(settings[Math.floor(at / 3)] ?? [true, false]));
      // Now and then the bus is out of order, or takes only a part: the sweeper of a later setting makes up for it.
      if (number % 4 === 0) paths.real.bus.script.push({ status: 400, error: "ValidationException" });
      else if (number % 4 === 1) paths.real.bus.script.push({ refuse: 1 });
      await captureOutput(() => made(people[number % people.length] ?? "ann", number));
      paths.real.bus.script.length = 0;
      if (number % 5 === 0) await paths.overBus();
      if (number % 7 === 0) await paths.directly();
    }
    await captureOutput(() => sweep(fresh(Date.now() + settledAfterMs + 1_000)));
    await paths.settle();
    await captureOutput(() => sweep(fresh(Date.now() + settledAfterMs + 1_000)));
    await paths.settle();
  };
  const dataOf = (row: Row) => JSON.parse(String(row["detail"])).data as Record<string, unknown>;

  it("loses nothing and doubles nothing, whatever was under way when the settings changed", async () => {
    await stream(11);
    const store = await rowsOf("event-store");
    const published = store.filter(({ detail }) => detail !== undefined);
    expect(published.filter(({ status }) => status !== "published")).to.deep.equal([]);
    const ways = new Set(published.map(({ paths: took }) => JSON.stringify(took)));
    expect([...ways].sort()).to.include.members(['["bus","direct"]', '["bus"]', '["direct"]']);

    // Every event that asks for analytics asked once, where its owner's figures are.
    const asking = published.filter(({ event_type }) =>
      /^(file\.processed|transaction\.updated|transactions\.deleted|account\.created|category\.rules_applied)$/.test(
        String(event_type),
      ),
    );
    const analytics = await rowsOf("analytics-status");
    for (const { event_id, user_id } of asking) {
      const key = { owner: ownerOf(String(user_id)), analytics_key: `EVENT#${event_id}` };
      expect(
        analytics.some((row) => row["owner"] === key.owner && row["analytics_key"] === key.analytics_key),
      ).to.equal(true, `${event_id} had no effect`);
    }
    for (const user of people) {
      const [owner, books] = [ownerOf(user), await readBooks(ownerOf(user), fresh())];
      const stored = analytics.find((row) => row["owner"] === owner && row["analytics_key"] === "RESULT#cash_flow");
      expect(canonical(stored?.["result"]), user).to.equal(canonical(cashFlow(books)));
      const standing = analytics.find((row) => row["owner"] === owner && row["analytics_key"] === "STATUS");
      const statuses = JSON.parse(String(standing?.["types"])) as Record<string, unknown>;
      const asked = asking.filter(
        ({ user_id, event_type }) => user_id === user && /file|transaction/.test(String(event_type)),
      );
      expect(statuses["cash_flow"], user).to.include({ requested: asked.length, computed: asked.length });
    }

    // Every transaction is in its category, by one event.
    const transactions = (await rowsOf("transactions")).filter(({ deletedAt }) => deletedAt === undefined);
    const categorized = published.filter(({ event_type }) => event_type === "transaction.categorized").map(dataOf);
    for (const { transactionId, categoryId } of transactions) {
      expect(categoryId).to.equal("shops");
      expect(categorized.filter((data) => data["transactionId"] === transactionId)).to.have.length(1);
    }

    // Every message was decided once, and told once where it was to be told.
    const decisions = (await rowsOf("notifications")).filter(({ decision }) => decision !== undefined);
    const told = published.filter(({ event_type }) =>
      /^(file\.processed|transactions\.deleted)$/.test(String(event_type)),
    );
    expect(decisions.map((row) => row["notification_key"]).sort()).to.deep.equal(
      told.map(({ event_id }) => `EVENT#${event_id}`).sort(),
    );
    const messages = (await paths.inbox.take()).map(({ eventId }) => `EVENT#${eventId}`).sort();
    expect(messages).to.deep.equal(
      decisions.flatMap(({ decision, notification_key }) => (decision === "tell" ? [notification_key] : [])).sort(),
    );
  });

  it("has a row sent by the path of whoever sends it, and never marks one that a path refused", async () => {
    paths.set(true, true);
    paths.real.bus.script.push({ status: 400, error: "ValidationException" });
    await account("ann");
    const left = async () => (await rowsOf("event-store")).filter(({ status }) => status === "pending").length;
    expect(await left()).to.equal(1);
    expect(await paths.directly()).to.equal(1);
    paths.set(false, true);
    await captureOutput(() => sweep(fresh(Date.now() + settledAfterMs + 1_000)));
    expect(await left()).to.equal(0);
    expect(await paths.directly()).to.equal(1);
    const marks = (await rowsOf("analytics-status")).map(({ owner }) => owner).sort();
    expect(marks).to.deep.equal(["SHADOW#USER#ann", "USER#ann"]);
  });
});
