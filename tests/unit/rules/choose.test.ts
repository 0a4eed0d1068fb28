import { expect } from "chai";
import type { Rule } from "../../../functions/processing/ledger/rule";
import { chooseRules } from "../../../functions/processing/ledger/rules/choose";
import { inOrder, type Matcher, matcherOf } from "../../../functions/processing/ledger/rules/match";
import type { Transaction } from "../../../functions/processing/ledger/transaction";
import { testRun } from "../../wire/run";

const rule = (ruleId: string, over: Partial<Rule> = {}): Rule => ({
  owner: "USER#ann",
  rule_key: `RULE#${ruleId}`,
  ruleId,
  categoryId: "food",
  priority: 1,
  confidence: 50,
  autoApply: true,
  version: 1,
  createdAt: "2026-10-01T00:00:00.000Z",
  updatedAt: "2026-10-01T00:00:00.000Z",
  change_id: "c",
  ...over,
});

const paid = { description: "Shop", amount: -100, date: "2026-10-29" } as Transaction;

describe("rules are tried", () => {
  it("by priority, then by confidence, then the older one first", () => {
    const rules = [
      rule("a-old-and-unsure", { confidence: 10 }),
      rule("b-old-and-sure", { confidence: 90 }),
      rule("c-young-and-sure", { confidence: 90 }),
      rule("d-first", { priority: 2, confidence: 0 }),
    ];
    const order = ["d-first", "b-old-and-sure", "c-young-and-sure", "a-old-and-unsure"];
    expect(inOrder(rules).map(({ ruleId }) => ruleId)).to.deep.equal(order);
    expect(inOrder(rules.toReversed()).map(({ ruleId }) => ruleId)).to.deep.equal(order);
  });

  it("within their bounds, these included, and whatever the case of what they look for", () => {
    const { matches } = matcherOf(
      rule("r", { contains: "SHOP", amountFrom: -200, amountTo: -100, dateFrom: "2026-10-29", dateTo: "2026-10-29" }),
    );
    expect(matches(paid)).to.equal(true);
    expect(matches({ ...paid, amount: -200 })).to.equal(true);
    for (const other of [{ amount: -99 }, { amount: -201 }, { date: "2026-10-28" }, { date: "2026-10-30" }])
      expect(matches({ ...paid, ...other }), JSON.stringify(other)).to.equal(false);
  });

  /** Tries a rule that takes so long on as many transactions, where whoever else has a turn in between takes a minute. */
  const trying = async (transactions: number, eachMs: number): Promise<number> => {
    let now = 0;
    let found = 0;
    const slow: Matcher = {
      rule: rule("r"),
      matches: () => {
        now += eachMs;
        return true;
      },
    };
    const sleep = async () => {
      now += 60_000;
    };
    const run = testRun(0, { now: () => now, sleep });
    await chooseRules(Array<Transaction>(transactions).fill(paid), [slow], () => found++, run);
    return found;
  };

  it("for ten seconds of their own, and no more", async () => {
    expect(await trying(100, 100)).to.equal(100);
    const refused = await trying(101, 100).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Error).that.includes({ category: "validation", field: "regex" });
  });
});
