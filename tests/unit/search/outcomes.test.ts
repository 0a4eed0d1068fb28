import { expect } from "chai";
import { isMissing } from "../../../functions/processing/search/compare";
import { companyEntries } from "../../../functions/processing/search/documents";
import { reasonIn } from "../../../functions/processing/search/domain";
import { resultOf } from "../../../functions/processing/search/results";
import { likeness } from "../../../functions/processing/search/tables";
import { outcomeOf } from "../../../functions/processing/search/write";
import { companyRows } from "./rows";

describe("what became of a document in a bulk request", () => {
  it("is told from its status", () => {
    expect(outcomeOf({ status: 201 }, false)).to.deep.equal({ end: "written" });
    expect(outcomeOf({ status: 409, error: { type: "version_conflict_engine_exception" } }, false)).to.deep.equal({
      end: "overtaken",
    });
    expect(outcomeOf({ status: 200 }, true)).to.deep.equal({ end: "removed" });
    expect(outcomeOf({ status: 404 }, true)).to.deep.equal({ end: "removed" });
  });

  it("is a reason where it was refused, and whether that passes", () => {
    const error = { type: "strict_dynamic_mapping_exception", reason: "[x] is not allowed" };
    expect(outcomeOf({ status: 400, error }, false)).to.deep.equal({
      end: "refused",
      category: "permanent",
      reason: "strict_dynamic_mapping_exception: [x] is not allowed",
    });
    const categories = [429, 403, 503, 404].map((status) => outcomeOf({ status, error }, false));
    expect(categories.map((one) => "category" in one && one.category)).to.deep.equal([
      "throttled",
      "denied",
      "unavailable",
      "unavailable",
    ]);
    expect(outcomeOf({ status: 404, error }, true)).to.include({ end: "refused", category: "unavailable" });
    expect(outcomeOf(undefined, false)).to.deep.include({ end: "refused", category: "unavailable" });
  });
});

describe("the reason in an answer", () => {
  it("is OpenSearch's, or that of what stands before it", () => {
    expect(reasonIn({ error: { type: "t", reason: "r" }, status: 400 })).to.equal("t: r");
    expect(reasonIn({ failures: [{ id: "a", cause: { type: "t", reason: "r" } }] })).to.equal("document a: t: r");
    expect(reasonIn({ error: "no handler found" })).to.equal("no handler found");
    expect(reasonIn({ message: "forbidden" })).to.equal("forbidden");
    expect(reasonIn({ Message: "User is not authorized" })).to.equal("User is not authorized");
    expect(reasonIn(undefined)).to.equal("no reason given");
  });
});

describe("an index lacks", () => {
  const [entry] = companyEntries("AAPL", companyRows());
  if (!entry) throw new Error("there is no entry");
  const there = { revision: entry.revision, embedder: "mine" };

  it("what is not there, is older there, or has another embedder's vector", () => {
    expect(isMissing(entry, undefined, "mine")).to.equal(true);
    expect(isMissing(entry, { ...there, revision: entry.revision - 1 }, "mine")).to.equal(true);
    expect(isMissing(entry, there, "another")).to.equal(true);
    expect(isMissing(entry, there, "mine")).to.equal(false);
    expect(isMissing({ ...entry, meaning: "" }, there, "another")).to.equal(false);
  });

  it("nothing where nothing is to be found, and has too much where something is", () => {
    const gone = { ...entry, document: undefined };
    expect(isMissing(gone, undefined, "mine")).to.equal(false);
    expect(isMissing(gone, there, "mine")).to.equal(true);
  });
});

describe("how well a company fits a text", () => {
  const apple = { symbol: "AAPL", name: "Apple Inc Common Stock" };
  it("is judged by symbol first, then by name", () => {
    const texts = ["aapl", "apple", "aapl outlook", "aap", "inc common", "pear apple", "pear"];
    const scores = texts.map((text) => likeness(apple, text));
    expect(scores).to.deep.equal([6, 5, 4, 3, 2, 0.5, 0]);
    expect(likeness(apple, " ")).to.equal(0);
  });
});

describe("a result", () => {
  it("has a title that names the company, and shortens what is long", () => {
    const hit = {
      _id: "AAPL",
      _score: 1,
      _source: { kind: "assets" as const, symbol: "AAPL", company_name: "Apple", description: "x".repeat(400) },
      highlight: { "sector.text": ["<em>a</em>"] },
    };
    const result = resultOf(hit, 0.5);
    expect(result).to.deep.include({ title: "Apple (AAPL)", symbols: ["AAPL"], score: 0.5 });
    expect(result.summary).to.have.length(300).and.match(/…$/);
    expect(result.highlights).to.deep.equal({ sector: ["<em>a</em>"] });
  });

  it("names the rating of an analysis, and every company of an article", () => {
    const analysis = { kind: "analysis" as const, symbol: "AAPL", company_name: "Apple", investment_rating: "Buy" };
    expect(resultOf({ _id: "AAPL", _score: 1, _source: analysis }, 0)).to.include({ title: "Apple (AAPL): Buy" });
    const news = { kind: "news" as const, title: "Up", asset_symbol: ["AAPL", "MSFT"], url: "https://a.example" };
    expect(resultOf({ _id: "h", _score: 1, _source: news }, 0)).to.deep.include({
      title: "Up",
      symbols: ["AAPL", "MSFT"],
      url: "https://a.example",
    });
  });
});
