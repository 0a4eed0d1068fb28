type Words = readonly [string, ...string[]];

export const sources: readonly [[name: string, domain: string], ...[name: string, domain: string][]] = [
  ["Sample Wire", "wire.example"],
  ["The Placeholder Ledger", "ledger.example"],
  ["Mock Street Review", "review.example"],
  ["Generated Markets", "markets.example"],
];

export const authors: Words = ["A. Sample", "B. Example", "C. Placeholder", "D. Specimen"];

export const good: Words = ["raises its outlook", "wins a large order", "beats expectations", "opens a new plant"];
export const plain: Words = [
  "presents at a conference",
  "names a new director",
  "renews a contract",
  "keeps its outlook",
];
export const bad: Words = ["cuts its outlook", "recalls a product", "misses expectations", "faces a lawsuit"];

/** Of topics that any company may be in, beside that of its trade. */
export const commonTopics: Words = ["Earnings", "Financial Markets", "Economy - Macro", "Mergers & Acquisitions"];

export const definitions = {
  sentiment_score_definition:
    "x <= -0.35: Bearish; -0.35 < x <= -0.15: Somewhat-Bearish; -0.15 < x < 0.15: Neutral; 0.15 <= x < 0.35: Somewhat_Bullish; x >= 0.35: Bullish",
  relevance_score_definition: "0 < x <= 1, with a higher score indicating higher relevance.",
};

export const labelOf = (score: number): string => {
  if (score <= -0.35) return "Bearish";
  if (score <= -0.15) return "Somewhat-Bearish";
  if (score < 0.15) return "Neutral";
  return score < 0.35 ? "Somewhat-Bullish" : "Bullish";
};
