import { expect } from "chai";
import { companiesBody, meaningBody, needsCompanies, wordsBody } from "../../../functions/processing/search/bodies";
import { parseRequest, type Query } from "../../../functions/processing/search/request";

interface Body {
  query: {
    bool: { must: { multi_match: { query: string; fields: string[] } }[]; filter: object[]; must_not: object[] };
    knn: { embedding: { vector: number[]; k: number; filter: { bool: { filter: object[]; must_not: object[] } } } };
  };
}

const request = (filters: Query["filters"] = {}) => parseRequest({ text: "steel", filters });
const words = (filters: Query["filters"] = {}, companies: string[] = []) =>
  (wordsBody(request(filters), companies) as Body).query.bool;

describe("what the search domain is asked", () => {
  it("is for the words, in all fields of all indices, never for delisted companies", () => {
    const { must, filter, must_not } = words();
    expect(must[0]?.multi_match.query).to.equal("steel");
    expect(must[0]?.multi_match.fields).to.include.members(["symbol.text^8", "title^3", "reason"]);
    expect(filter).to.deep.equal([{ terms: { kind: ["assets", "news", "analysis"] } }]);
    expect(must_not).to.deep.equal([{ term: { status: "delisted" } }]);
  });

  const sent = (text: string): string =>
    (wordsBody(parseRequest({ text }), []) as Body).query.bool.must[0]?.multi_match.query ?? "";
  const ofWords = (count: number, one: (at: number) => string, between = ""): string =>
    Array.from({ length: count }, (_, at) => one(at)).join(between);
  const character = (from: number) => (at: number) => String.fromCodePoint(from + at);

  it("is for 200 words at most, of which an ideograph, a kana and a picture are one each", () => {
    const words = ofWords(250, (at) => "xyz"[at % 3] ?? "", " ");
    expect(sent(words)).to.equal(words.slice(0, 399));
    expect(sent(ofWords(201, character(0x4e00)))).to.equal(ofWords(200, character(0x4e00)));
    expect(sent(ofWords(250, character(0x1f300)))).to.equal(ofWords(200, character(0x1f300)));
    const mixed = ofWords(250, (at) => (at % 2 ? "カ" : "z"));
    expect(sent(mixed)).to.equal(mixed.slice(0, 200));
    const thai = ofWords(250, (at) => character(0xe01)(at % 46));
    expect(sent(thai)).to.equal(thai.slice(0, 200));
  });

  it("is for all of a text with fewer words, however long they are", () => {
    for (const text of [
      "What's up, Dr. O'Neill? 3.14 % of 1,000 – naïve café",
      ofWords(200, character(0x4e00)),
      `${"Привет ".repeat(71)}!!`,
      `${"हिन्दी ".repeat(70)}.`,
      "a".repeat(500),
      ". ".repeat(249).concat("."),
    ]) {
      expect(sent(text)).to.equal(text);
    }
  });

  it("is for the nearest vectors of the same embedder, among what passes the same filters", () => {
    const filters = { types: ["news" as const], from: "2026-01-01" };
    const { vector, k, filter } = (meaningBody(request(filters), [], [1, 0], { name: "mine" }) as Body).query.knn
      .embedding;
    expect([vector, k]).to.deep.equal([[1, 0], 100]);
    expect(filter.bool.filter).to.deep.equal([...words(filters).filter, { term: { embedder: "mine" } }]);
    expect(filter.bool.must_not).to.deep.equal(words().must_not);
  });

  it("is for a day from its first to its last moment, whichever of its dates a document has", () => {
    const dates = ["last_updated", "time_published", "analysis_date"];
    const range = { gte: "2026-01-01T00:00:00.000Z", lte: "2026-01-31T23:59:59.999Z" };
    expect(words({ from: "2026-01-01", to: "2026-01-31" }).filter[1]).to.deep.equal({
      bool: { should: dates.map((field) => ({ range: { [field]: range } })), minimum_should_match: 1 },
    });
  });

  it("is for news of the companies that a sector or a rating means", () => {
    const filters = { sector: "ENERGY", rating: "Buy" as const };
    const own = [{ term: { sector: "ENERGY" } }, { term: { investment_rating: "Buy" } }];
    expect(needsCompanies(request(filters).filters)).to.equal(true);
    expect(needsCompanies(request({ ...filters, types: ["assets", "analysis"] }).filters)).to.equal(false);
    expect(needsCompanies(request().filters)).to.equal(false);
    expect(companiesBody(request(filters).filters)).to.deep.include({
      query: { bool: { filter: [{ term: { kind: "assets" } }, ...own] } },
    });
    expect(words(filters, ["PTRV", "SHLQ"]).filter[1]).to.deep.equal({
      bool: {
        should: [{ bool: { filter: own } }, { terms: { asset_symbol: ["PTRV", "SHLQ"] } }],
        minimum_should_match: 1,
      },
    });
    expect(words(filters).filter[1]).to.deep.equal({
      bool: { should: [{ bool: { filter: own } }], minimum_should_match: 1 },
    });
  });
});
