import { type ComponentName, componentNames } from "../../functions/processing/analysis/schema";
import {
  agreementShare,
  enoughPeers,
  gradeFrom,
  leastConfidence,
  leastPeers,
  leastWeight,
  lifetimes,
  rulesVersion,
  sectorShare,
  weights,
} from "../../functions/processing/analysis/weights";
import { analysisWorkflow } from "../../workflows/analysis";
import type { State } from "../../workflows/states";
import { table } from "./markdown";

const asks: Record<ComponentName, string> = {
  piotroski: "Piotroski's F score: nine signs of a business that improves",
  altman: "Altman's Z, Z′ or Z″: will it survive the next two years?",
  beneish: "Beneish's M: can its accounts be believed?",
  greenblatt: "Greenblatt: return on capital and earnings yield, a good business at a fair price",
  graham: "Graham's number: the price against what a cautious investor would pay",
  sloan: "Sloan's accruals: are its profits cash?",
  growth: "growth of revenue and of earnings per share",
  profitability: "return on equity and on assets, and margins",
  leverage: "debt and current ratio, or equity of a financial firm",
  valuation:
    "profit and free cash flow against the price, EBITDA against the enterprise value; of a financial firm, profit and book value against the price",
  newsSentiment: "what is written of it, weighed by relevance and age",
};

const percent = (share: number): string => (share === 0 ? "-" : `${Math.round(share * 100)} %`);

const stateRows = (states: Record<string, State>): string[][] =>
  Object.entries(states).map(([name, state]) => {
    const next =
      "Next" in state ? state.Next : "Choices" in state ? `${state.Choices[0]?.Next}, or ${state.Default}` : "the end";
    return [name, state.Type, "TimeoutSeconds" in state ? `${state.TimeoutSeconds} s` : "", next];
  });

const perCompany = (): Record<string, State> => {
  const { States } = analysisWorkflow({
    dataValidation: "",
    ruleBasedAnalysis: "",
    resultStorage: "",
    notification: "",
  });
  const map = States["Rate each company"];
  return map?.Type === "Map" ? map.ItemProcessor.States : {};
};

/** How companies are rated, as the rules, their weights and the workflow say. */
export const ratings = (): string =>
  [
    "# Ratings",
    "",
    "Made by `npm run docs` from `functions/processing/analysis` and `workflows/analysis.ts`.",
    "",
    `A rating (rules ${rulesVersion}) is the weighted mean of its components' scores, each from 0 to 1. A component whose data`,
    "is missing says what it lacks and counts for nothing; a missing number is never taken for 0. Financial firms have",
    "weights of their own, since they have neither current assets nor a gross margin. Amounts in different currencies, such as",
    "a market value in dollars and accounts in yen, are never set against each other: there, one of them counts as missing.",
    "",
    table(
      ["component", "what it asks", "industrial", "financial"],
      componentNames.map((name) => [
        name,
        asks[name],
        percent(weights[name].industrial),
        percent(weights[name].financial),
      ]),
    ),
    "",
    table(
      ["rating", "from a score of"],
      gradeFrom.map(([grade, from]) => [grade, String(from)]),
    ),
    "",
    `With less than ${percent(leastWeight)} of the weight computed there is no grade, but "Not Rated".`,
    "",
    `Nor is there one with a confidence below ${percent(leastConfidence.grade)}, and below ${percent(leastConfidence.strong)} no strong one: a Strong Buy becomes a Buy, a`,
    "Strong Sell a Sell. The score stays, and the reason says which grade it would have been and what takes the confidence. By",
    "the rules alone, a firm whose annual reports come within 75 days after their year stays above",
    `${percent(leastConfidence.strong)} all year, if nothing else is missing; one whose annual report is about a year overdue falls below`,
    `${percent(leastConfidence.grade)}, since what its books said then is no ground for a recommendation today.`,
    "",
    "The confidence is the share of the weight that could be computed, less what its data has lost by age, and less where the",
    `components disagree (which counts for ${percent(agreementShare)} of it). The interval around the score is as wide as the`,
    "confidence falls short of 1. Data loses its certainty evenly within:",
    "",
    table(
      ["data", "days"],
      Object.entries(lifetimes).map(([data, days]) => [data, String(days)]),
    ),
    "",
    `An \`advanced\` analysis adds each component's place within the sector (${percent(sectorShare)} of its score), where at least`,
    `${leastPeers} other firms are rated; among ${enoughPeers} that place is as certain as it gets.`,
    "",
    "`npm run explain -- AAPL` prints a rating with all of this; `--recompute` computes it anew from the versions of reports that it",
    "names, and says whether it comes out the same.",
    "",
    "## The workflow",
    "",
    "`analysisNeeded` starts one execution for each batch of at most 8 companies, named after the event: a second start of the same",
    "finds the first, unless that one failed. Each company goes its own way through these states; what fails is tried again where",
    "that may help, and is then stored as failed, with the reason, while the others go on.",
    "",
    table(["state", "kind", "time limit", "then"], stateRows(perCompany())),
    "",
    "The rating travels by reference: in full it lies in the bucket `analysis-results`, in short in the table `asset-analysis`, newest",
    "last, with the row `LATEST` beside it. The topic `analysis-notification` tells of it, with `kind` among the message's attributes:",
    "`first`, `changed` or `confirmed` beside the rating before, or `failed`. An analysis that came late, when a newer one was stored,",
    "is kept in the history and not told of.",
    "",
  ].join("\n");
