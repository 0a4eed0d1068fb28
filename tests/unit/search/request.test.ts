import { expect } from "chai";
import fc from "fast-check";
import { Failure } from "../../../functions/processing/failure";
import { cursorAt, parseRequest } from "../../../functions/processing/search/request";

const reasonOf = (input: unknown): string => {
  try {
    parseRequest(input);
    return "accepted";
  } catch (error) {
    expect(error).to.be.instanceOf(Failure).with.property("category", "validation");
    return error instanceof Error ? error.message : "";
  }
};

describe("a query", () => {
  it("needs a text, and has defaults for the rest", () => {
    expect(parseRequest({ text: " apple " })).to.deep.equal({
      text: "apple",
      filters: { types: ["assets", "news", "analysis"] },
      size: 10,
      offset: 0,
    });
  });

  it("has filters, each type of result once and in order", () => {
    const filters = {
      types: ["news", "assets", "news"],
      sector: "TECHNOLOGY",
      rating: "Strong Buy",
      from: "2026-01-01",
    };
    expect(parseRequest({ text: "a", filters, size: 50 })).to.deep.include({
      filters: { ...filters, types: ["assets", "news"] },
      size: 50,
    });
  });

  const refused: [string, unknown, string][] = [
    ["nothing", undefined, "query is missing"],
    ["a list", [], "query.text is missing"],
    ["a word", "apple", "query must be an object"],
    ["no text", {}, "query.text is missing"],
    ["an empty text", { text: "   " }, "query.text must not be empty"],
    ["a text that is a number", { text: 5 }, "query.text must be a string"],
    ["a text without end", { text: "x".repeat(501) }, "query.text must have at most 500 characters"],
    ["a page of nothing", { text: "a", size: 0 }, "query.size must be a whole number from 1 to 50"],
    ["a page of too much", { text: "a", size: 51 }, "query.size must be a whole number from 1 to 50"],
    ["half a result", { text: "a", size: 1.5 }, "query.size must be a whole number from 1 to 50"],
    ["a size in words", { text: "a", size: "ten" }, "query.size must be a whole number from 1 to 50"],
    [
      "a name that is none",
      { text: "a", page: 2 },
      "query.page must not be there: known are text, filters, size, cursor",
    ],
    [
      "a filter that is none",
      { text: "a", filters: { industry: "x" } },
      "query.filters.industry must not be there: known are types, sector, rating, from, to",
    ],
    ["no type at all", { text: "a", filters: { types: [] } }, "query.filters.types must have at least one of them"],
    [
      "a type that is none",
      { text: "a", filters: { types: ["people"] } },
      "query.filters.types.0 must be one of assets, news, analysis",
    ],
    [
      "a rating that is none",
      { text: "a", filters: { rating: "buy" } },
      "query.filters.rating must be one of Strong Buy, Buy, Hold, Sell, Strong Sell, Not Rated",
    ],
    ["an empty sector", { text: "a", filters: { sector: " " } }, "query.filters.sector must not be empty"],
    [
      "a day that is none",
      { text: "a", filters: { from: "2026-02-30" } },
      "query.filters.from must be a day that exists",
    ],
    [
      "an end before the beginning",
      { text: "a", filters: { from: "2026-02-02", to: "2026-02-01" } },
      "query.filters.to must not be before from",
    ],
  ];
  for (const [what, input, reason] of refused) {
    it(`is refused where it has ${what}`, () => {
      expect(reasonOf(input)).to.equal(reason);
    });
  }

  it("goes on where a cursor says, for the same question only", () => {
    const request = parseRequest({ text: "apple", filters: { sector: "TECHNOLOGY" } });
    const cursor = cursorAt(20, request);
    expect(parseRequest({ text: "apple", filters: { sector: "TECHNOLOGY" }, size: 5, cursor })).to.include({
      offset: 20,
      size: 5,
    });
    const other = "query.cursor must be the next of an answer to the same query";
    expect(reasonOf({ text: "apple", cursor })).to.equal(other);
    expect(reasonOf({ text: "pear", filters: { sector: "TECHNOLOGY" }, cursor })).to.equal(other);
    expect(reasonOf({ text: "apple", cursor: "AAAA" })).to.equal(other);
    expect(reasonOf({ text: "apple", cursor: Buffer.from('[-1,"x"]').toString("base64url") })).to.equal(other);
  });

  it("never breaks on what it is not", () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        reasonOf(input);
        reasonOf({ text: "a", filters: input });
      }),
    );
  });
});
