import { expect } from "chai";
import * as v from "valibot";
import { rate } from "../../../functions/processing/analysis/rating";
import { ratingSchema } from "../../../functions/processing/analysis/schema";
import { apple, now } from "./sample";

const rating = rate(apple(), { analysisType: "rule_based", now });

describe("the schema of a stored rating", () => {
  it("takes a rating as it comes back from storage", () =>
    expect(v.parse(ratingSchema, JSON.parse(JSON.stringify(rating)))).to.deep.equal(rating));

  const damaged: [string, object][] = [
    ["a grade that is none", { investment_rating: "Very Strong Buy" }],
    ["a score above 1", { score: 1.1 }],
    ["a confidence that is no number", { confidence: Number.NaN }],
    ["an id without its kind", { asset_id: "AAPL" }],
    [
      "a component that it does not know",
      { rating_components: [{ ...rating.rating_components[0], component: "luck" }] },
    ],
    [
      "a value without end",
      { rating_components: [{ ...rating.rating_components[0], value: Number.POSITIVE_INFINITY }] },
    ],
    ["an input without a version", { inputs: [{ type: "earnings", report_key: "" }] }],
    ["a field that it does not know", { mood: "good" }],
  ];
  for (const [what, over] of damaged) {
    it(`refuses ${what}`, () => expect(v.is(ratingSchema, { ...rating, ...over })).to.equal(false));
  }
});
