import { expect } from "chai";
import type { NewsItem } from "../../../functions/processing/analysis/fundamentals";
import { newsSentiment } from "../../../functions/processing/analysis/newsSentiment";
import { computed, refused } from "./outcome";
import { article, books } from "./sample";

const of = (...news: NewsItem[]) => newsSentiment(books({ news }));
const today = "2024-12-01T00:00:00.000Z";

describe("news sentiment", () => {
  it("weighs each article by its relevance", () => {
    const score = computed(of(article("a", today, 0.9, 0.3), article("b", today, 0.1, -0.7)));
    expect(score.value).to.be.closeTo(0.9 * 0.3 - 0.1 * 0.7, 1e-9);
    expect(score.reason).to.equal("Sentiment is 0.20 over 2 articles, the newest of 2024-12-01.");
  });

  it("weighs each article by how new it is", () => {
    const halfOld = "2024-11-16T00:00:00.000Z";
    const score = computed(of(article("a", today, 1, 0.3), article("b", halfOld, 1, -0.3)));
    expect(score.value).to.be.closeTo(0.1, 1e-6);
  });

  it("is scored between what the provider calls bearish and bullish", () => {
    const score = (sentiment: number) => computed(of(article("a", today, 1, sentiment))).score;
    expect([-0.35, 0, 0.35, 0.9].map(score)).to.deep.equal([0, 0.5, 1, 1]);
  });

  it("leaves out what says nothing: too old, not out yet, of no relevance, without a score", () => {
    const nothing = [
      article("a", "2024-10-31T00:00:00.000Z", 1, 1),
      article("b", "2024-12-02T00:00:00.000Z", 1, 1),
      article("c", today, 0, 1),
      article("d", today, Number.NaN, 1),
      article("e", today, 1, Number.NaN),
      article("f", "no date", 1, 1),
      { report_key: "g", published_at: today, sentiment: 1 },
      { report_key: "h", published_at: today, relevance: 1 },
    ];
    expect(refused(of(...nothing)).missing).to.deep.equal(["news of the last 30 days"]);
    const one = computed(of(...nothing, article("i", today, 0.5, 0.2)));
    expect(one).to.include({ value: 0.2 });
    expect(one.inputs.map(({ report_key }) => report_key)).to.deep.equal(["i"]);
    expect(one.reason).to.include("over 1 article,");
  });
});
