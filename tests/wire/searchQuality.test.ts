import { expect } from "chai";
import { searchCorpus } from "../../commands/bench/searchCorpus";
import { labelled, meanOf, ndcg, type Quality, searchQuality } from "../../commands/bench/searchQuality";
import { parseRequest } from "../../functions/processing/search/request";
import { searchDomain } from "../../functions/processing/search/search";
import { writeEntries } from "../../functions/processing/search/write";
import { testRun } from "./run";
import { asIndexer, deploy, type Searching, searching } from "./searchWorld";

describe("nDCG@10", () => {
  it("is 1 for the best order, less for a worse one, and 0 for nothing", () => {
    expect(ndcg([3, 2, 0], [0, 2, 3, 0])).to.equal(1);
    expect(ndcg([0, 3], [3, 0])).to.be.closeTo(1 / Math.log2(3), 1e-12);
    expect(ndcg([0, 0], [1])).to.equal(0);
    expect(ndcg([], [])).to.equal(0);
  });

  it("looks no further than ten", () => {
    expect(ndcg([...Array(10).fill(0), 3], [3])).to.equal(0);
  });
});

describe("the quality of answers", () => {
  let qualities: Quality[];

  before(async () => {
    const world: Searching = await searching();
    await deploy(world);
    await world.reset();
    asIndexer(world);
    const run = testRun(0, { remainingMs: 60_000 });
    const { entries, judged } = searchCorpus(500);
    for (let at = 0; at < entries.length; at += 200) await writeEntries(entries.slice(at, at + 200), run);
    await world.search.indices.refresh({ index: "documents" });
    qualities = await searchQuality(judged, async (query, ways) => {
      const { results } = await searchDomain(parseRequest(query), run, ways);
      return results.slice(0, 10).map(({ type, id }) => `${type}/${id}`);
    });
    await world.reset();
  });

  it("is judged by questions of which each has an answer", () => {
    expect(labelled).to.have.length.greaterThan(19);
    for (const { text, words, meaning, both } of qualities) {
      expect(Math.max(words, meaning, both), text).to.be.greaterThan(0);
    }
  });

  it("is better by words and meaning than by either alone", () => {
    const [both, words, meaning] = [
      meanOf(qualities, "both"),
      meanOf(qualities, "words"),
      meanOf(qualities, "meaning"),
    ];
    expect(both).to.be.at.least(words);
    expect(both).to.be.at.least(meaning);
    expect(both).to.be.greaterThan(0.75);
  });
});
