import { expect } from "chai";
import { articleEntry, companyEntries, type Entry } from "../../../functions/processing/search/documents";
import { definitionOf, indexNames, indices } from "../../../functions/processing/search/indices";
import { assetRow, companyRows, latestRow } from "./rows";

const article = {
  asset_id: "ARTICLE#0123456789abcdef",
  news_key: "ARTICLE",
  url: "https://news.example/apple",
  title: "Apple raises its outlook",
  source: "Example News",
  published_at: "2026-10-26T11:30:00.000Z",
  topics: [{ topic: "Technology", relevance: 0.6 }, { topic: "Earnings" }],
  overall_sentiment: 0.25,
  symbols: ["AAPL", "MSFT"],
  expires_at: 1_900_000_000,
};

interface Properties {
  [field: string]: { properties?: Properties };
}

/** Fields of a document that its mapping does not have, by their paths. */
const strangers = (document: object, properties: Properties, path = ""): string[] =>
  Object.entries(document).flatMap(([field, value]) => {
    if (value === undefined) return [];
    const known = properties[field];
    if (!known) return [`${path}${field}`];
    if (!known.properties) return [];
    return [value].flat().flatMap((one) => strangers(one as object, known.properties ?? {}, `${path}${field}.`));
  });

const all: Entry[] = [
  ...companyEntries("AAPL", companyRows()),
  articleEntry("0123456789abcdef", { article, link: { summary: "It sells more than it thought." } }),
];

describe("documents", () => {
  it("have no field that their strict mapping does not know", () => {
    expect(all.map(({ index }) => index)).to.deep.equal(["assets", "analysis", "news"]);
    for (const { index, document } of all) {
      expect(strangers(document ?? {}, indices[index].properties as Properties), index).to.deep.equal([]);
      expect(document).to.include({ kind: index });
    }
  });

  it("of a company tell what it is, what it is worth, and how it is rated", () => {
    const [asset, analysis] = all;
    expect(asset).to.deep.include({
      id: "AAPL",
      meaning: "AAPL. Apple Inc. TECHNOLOGY. CONSUMER ELECTRONICS. Makes telephones.",
    });
    expect(asset?.document).to.deep.include({
      asset_id: "ASSET#AAPL",
      company_name: "Apple Inc",
      market_cap: 3_000_000_000_000,
      investment_rating: "Buy",
      last_updated: "2026-10-26T07:00:00.000Z",
    });
    expect(analysis?.document).to.deep.include({
      analysis_id: "abc",
      confidence_interval: { low: 0.5, high: 0.7 },
      reason: "Sound books, and a high price.",
    });
    const [first, second] =
      (analysis?.document as { rating_components: object[] } | undefined)?.rating_components ?? [];
    expect(first).to.deep.equal({
      component: "piotroski",
      verdict: "favourable",
      value: 7,
      score: 0.7,
      reason: "Seven of nine.",
    });
    expect(JSON.parse(JSON.stringify(second))).to.deep.equal({
      component: "altman",
      reason: "No retained earnings.",
    });
  });

  it("of a company that is delisted have no rating any more", () => {
    const [asset, analysis] = companyEntries("AAPL", companyRows({ asset: assetRow({ status: "delisted" }) }));
    expect(asset?.document).to.include({ status: "delisted" });
    expect(analysis).to.include({ index: "analysis", id: "AAPL", document: undefined });
  });

  it("of a company that is only listed have its listing, and no rating", () => {
    const entries = companyEntries("AAPL", { asset: assetRow({ status: "delisted" }) });
    expect(entries).to.have.length(1);
    const document = JSON.parse(JSON.stringify(entries[0]?.document));
    expect(document).to.deep.equal({
      kind: "assets",
      revision: 1_000,
      asset_id: "ASSET#AAPL",
      symbol: "AAPL",
      company_name: "Apple Inc Common Stock",
      exchange: "NASDAQ",
      status: "delisted",
      last_updated: "2026-10-26T04:00:00.000Z",
    });
  });

  it("of a company that is unknown are to be removed", () => {
    expect(companyEntries("GONE", undefined)).to.deep.equal(
      ["assets", "analysis"].map((index) => ({ index, id: "GONE", revision: 0, meaning: "", document: undefined })),
    );
  });

  it("get a greater revision whatever changes, and the same where nothing has", () => {
    const revision = (rows = companyRows()) => companyEntries("AAPL", rows)[0]?.revision ?? Number.NaN;
    const before = revision();
    expect(revision()).to.equal(before);
    const later = { ...companyRows().overview, head: { source_time: 20_001 } } as ReturnType<
      typeof companyRows
    >["overview"];
    const rated = latestRow({ analysis_date: "2026-10-27T08:00:00.000Z" });
    for (const rows of [
      companyRows({ asset: assetRow({ source_time: 1_001 }) }),
      companyRows(later && { overview: later }),
      companyRows({ rating: { latest: rated, history: undefined } }),
    ])
      expect(revision(rows)).to.be.greaterThan(before);
    expect(revision({ asset: assetRow() })).to.be.lessThan(before);
  });

  it("of an article that is not there any more is to be removed", () => {
    expect(articleEntry("abc", undefined)).to.include({ index: "news", id: "abc", document: undefined });
  });
});

describe("index definitions", () => {
  it("are strict, on two nodes, with vectors that can be compared", () => {
    for (const index of indexNames) {
      const { settings, mappings } = definitionOf(index);
      expect(mappings.dynamic, index).to.equal("strict");
      expect(settings.index, index).to.deep.equal({ knn: true, number_of_shards: 1, number_of_replicas: 1 });
      expect(mappings.properties.embedding, index).to.deep.include({ type: "knn_vector", dimension: 512 });
    }
  });

  it("carry what a later deployment can tell a change by", () => {
    const marks = indexNames.map((index) => definitionOf(index).mappings._meta.definition);
    expect(new Set(marks).size).to.equal(indexNames.length);
    for (const mark of marks) expect(mark).to.match(/^[0-9a-f]{16}$/);
  });
});
