import { expect } from "chai";
import { english } from "../../../local/openSearch/analysis/english";
import { porterStem } from "../../../local/openSearch/analysis/porter";
import { standard } from "../../../local/openSearch/analysis/standard";
import { asFloat, bm25, keptLength } from "../../../local/openSearch/index/bm25";

const terms = (tokens: readonly { term: string }[]): string => tokens.map(({ term }) => term).join(" ");

describe("the analysis of texts", () => {
  it("cuts words as Unicode does", () => {
    const text = "AT&T's U.S. 3.14% of 1,000 foo_bar, x:y; 中文 naïve __ end.";
    expect(terms(standard(text))).to.equal("at t's u.s 3.14 of 1,000 foo_bar x:y 中 文 naïve end");
    expect(standard("a Bank")).to.deep.equal([
      { term: "a", start: 0, end: 1 },
      { term: "bank", start: 2, end: 6 },
    ]);
    expect(standard("x".repeat(300)).map(({ term }) => term.length)).to.deep.equal([255, 45]);
    // The two ways of cutting agree where both can be taken.
    for (const plain of ["it's 1.5 a.b c:d 1,2;3 end. a'b' 5's"])
      expect(terms(standard(`${plain} é`))).to.equal(`${terms(standard(plain))} é`);
  });

  it("leaves out English stop words and possessives, and stems the others", () => {
    expect(terms(english("The company's earnings were rising in the banks’ yields, it’s said"))).to.equal(
      "compani earn were rise bank yield said",
    );
  });

  // From the paper that describes the algorithm.
  const stems: Record<string, string> = {
    caresses: "caress",
    ponies: "poni",
    ties: "ti",
    cats: "cat",
    feed: "feed",
    agreed: "agre",
    plastered: "plaster",
    bled: "bled",
    motoring: "motor",
    sing: "sing",
    conflated: "conflat",
    troubled: "troubl",
    sized: "size",
    hopping: "hop",
    falling: "fall",
    hissing: "hiss",
    filing: "file",
    happy: "happi",
    sky: "sky",
    relational: "relat",
    rational: "ration",
    digitizer: "digit",
    vietnamization: "vietnam",
    triplicate: "triplic",
    hopefulness: "hope",
    goodness: "good",
    revival: "reviv",
    replacement: "replac",
    adoption: "adopt",
    probate: "probat",
    rate: "rate",
    cease: "ceas",
    controlling: "control",
    roll: "roll",
    yields: "yield",
    as: "as",
  };
  it("stems as Porter's paper does", () => {
    for (const [word, stem] of Object.entries(stems)) expect(porterStem(word), word).to.equal(stem);
  });
});

describe("the weight of a word", () => {
  it("is Lucene's", () => {
    // One document of one word: what every tutorial shows.
    expect(asFloat(bm25({ documents: 1, totalLength: 1 }, 1, 1)(1, 1))).to.equal(0.2876821);
    expect(asFloat(bm25({ documents: 2, totalLength: 2 }, 2, 1)(1, 1))).to.equal(0.18232156);
    expect(asFloat(bm25({ documents: 2, totalLength: 2 }, 2, 2)(1, 1))).to.equal(0.36464313);
    // Half of two documents, with two words on average: ln 2 by k1 = 1.2 and b = 0.75.
    const weigh = bm25({ documents: 2, totalLength: 4 }, 1, 1);
    expect(weigh(2, 3)).to.be.closeTo((Math.LN2 * 4.4) / 3.65, 1e-12);
    expect(weigh(1, 1)).to.be.closeTo((Math.LN2 * 2.2) / 1.75, 1e-12);
  });

  it("knows longer lengths by their first bits only", () => {
    expect([1, 24, 39, 40, 41, 42, 57, 100, 1_000].map(keptLength)).to.deep.equal([1, 24, 39, 40, 40, 42, 56, 96, 984]);
  });
});
