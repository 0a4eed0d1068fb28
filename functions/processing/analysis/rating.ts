import type { Outcome } from "./assess";
import { type Books, openBooks } from "./books";
import { certaintyOf, confidence, interval } from "./confidence";
import type { Fundamentals, Peer } from "./fundamentals";
import { rules } from "./rules";
import { rounded } from "./scale";
import {
  type AnalysisType,
  type ComponentName,
  componentNames,
  type Grade,
  type RatedComponent,
  type Rating,
  type Version,
} from "./schema";
import { othersAmong, type Place, placeAmong } from "./sector";
import { gradeFrom, leastConfidence, leastPeers, leastWeight, rulesVersion, sectorShare, weights } from "./weights";
import { percent, plain } from "./wording";

export interface RatingRequest {
  analysisType: AnalysisType;
  /** The moment at which the age of the data is judged, in epoch milliseconds. */
  now: number;
  /** Other firms of the sector, for an advanced analysis. */
  peers?: readonly Peer[];
}

/** A component with all that the rating is made of. */
interface Part {
  component: ComponentName;
  weight: number;
  outcome: Outcome;
  place: Place | undefined;
}

/** The share of a component's weight that could be computed. */
const coverage = ({ outcome }: Part): number =>
  "notComputable" in outcome ? 0 : outcome.evidence.reduce((sum, { share }) => sum + share, 0);

const scoreOf = ({ outcome, place }: Part): number => {
  if ("notComputable" in outcome) return 0;
  return place ? (1 - sectorShare) * outcome.score + sectorShare * place.percentile : outcome.score;
};

const confidenceIn = (parts: readonly Part[], analysisType: AnalysisType): number => {
  const absolute = confidence(
    parts.flatMap(({ outcome, weight }) =>
      "notComputable" in outcome
        ? []
        : outcome.evidence.map(({ share, observations }) => ({ weight: weight * share, observations })),
    ),
  );
  if (analysisType === "rule_based") return absolute;
  // A place within the sector follows from the same figures: it makes a rating whole, and is no second opinion.
  const placed = parts.reduce((sum, { weight, place }) => sum + weight * (place?.certainty ?? 0), 0);
  return absolute * (1 - sectorShare + sectorShare * placed);
};

const toldOf = ({ component, weight, outcome, place }: Part): RatedComponent => {
  if ("notComputable" in outcome) return { component, weight, ...outcome };
  const { value, score, verdict, reason, measures, inputs, missing } = outcome;
  const computed = { component, weight, value, score, verdict, reason, measures, inputs, missing };
  return place ? { ...computed, percentile: place.percentile } : computed;
};

const gradeOf = (score: number): Grade => gradeFrom.find(([, from]) => score >= from)?.[0] ?? "Strong Sell";

/** What a strong grade is tempered to while it is not sure enough. */
const tempered: Partial<Record<Grade, Grade>> = { "Strong Buy": "Buy", "Strong Sell": "Sell" };

interface Judgement {
  grade: Rating["investment_rating"];
  reason: string;
}

const judge = (score: number | undefined, computed: number, sure: number): Judgement => {
  if (score === undefined || rounded(computed) < leastWeight) {
    const reason = `as ${percent(computed)} of the weight could be computed and ${percent(leastWeight)} is the least`;
    return { grade: "Not Rated", reason: `Not rated, ${reason}.` };
  }
  const byScore = gradeOf(score);
  const claim = `a score of ${plain(score)}`;
  if (sure < leastConfidence.grade) {
    const reason = `a confidence of ${percent(sure)} is less than the ${percent(leastConfidence.grade)} that a grade needs`;
    return { grade: "Not Rated", reason: `Not rated: ${claim} would be a ${byScore}, but ${reason}.` };
  }
  const weight = `with ${percent(computed)} of the weight computed`;
  const calmer = tempered[byScore];
  if (calmer && sure < leastConfidence.strong) {
    const reason = `a ${byScore} needs a confidence of ${percent(leastConfidence.strong)}, and it is ${percent(sure)}`;
    return { grade: calmer, reason: `${calmer} for ${claim}, ${weight}: ${reason}.` };
  }
  return { grade: byScore, reason: `${byScore} for ${claim}, ${weight}.` };
};

/** How far what was computed can still be relied on, and how old it is. Nothing where nothing was computed. */
const ageOf = (parts: readonly Part[], computed: number, books: Books): string => {
  if (computed === 0) return "";
  const kept = parts.reduce((sum, { outcome, weight }) => {
    if ("notComputable" in outcome) return sum;
    const certain = outcome.evidence.map(({ share, observations }) => share * certaintyOf(observations));
    return sum + weight * certain.reduce((all, one) => all + one, 0);
  }, 0);
  const [newest] = books.years.periods;
  const when = newest ? `its newest annual report is of the year to ${newest.date}` : `it lacks ${books.years.lacking}`;
  return ` Its data has kept ${percent(kept / computed)} of its certainty: ${when}.`;
};

const comparedWith = (parts: readonly Part[], others: readonly Peer[]): NonNullable<Rating["peers"]> =>
  parts.some(({ place }) => place)
    ? { compared: others.length }
    : {
        notComputable: true,
        missing: [`${leastPeers} other rated firms of the sector`],
        reason: `No place within the sector can be told among ${others.length} other firms; at least ${leastPeers} are needed.`,
      };

const versionsOf = (versions: readonly Version[], others: readonly Peer[]): Version[] => [
  ...versions,
  ...others
    .map(({ report_key }): Version => ({ type: "peer", report_key }))
    .sort((a, b) => (a.report_key < b.report_key ? -1 : 1)),
];

/** Rates a company. A function of nothing but its arguments: with the inputs that it names, it comes out the same again. */
export const rate = (fundamentals: Fundamentals, { analysisType, now, peers = [] }: RatingRequest): Rating => {
  const books = openBooks(fundamentals, now);
  const others = analysisType === "advanced" ? othersAmong(peers, fundamentals.assetId) : [];
  const column = books.kind === "financial" ? "financial" : "industrial";
  const parts = componentNames.map((component): Part => {
    const outcome = rules[component](books);
    const place = "notComputable" in outcome ? undefined : placeAmong(others, component, outcome.score);
    return { component, weight: weights[component][column], outcome, place };
  });

  const computed = parts.reduce((sum, part) => sum + part.weight * coverage(part), 0);
  const scored = parts.reduce((sum, part) => sum + part.weight * coverage(part) * scoreOf(part), 0);
  const score = computed > 0 ? rounded(scored / computed) : undefined;
  const sure = rounded(confidenceIn(parts, analysisType));
  const { grade, reason } = judge(score, computed, sure);
  const { low, high } = interval(score ?? 0, sure);

  return {
    asset_id: `ASSET#${fundamentals.assetId}`,
    analysis_type: analysisType,
    rules_version: rulesVersion,
    as_of: new Date(now).toISOString(),
    investment_rating: grade,
    reason: `${reason}${ageOf(parts, computed, books)}`,
    ...(score !== undefined && { score }),
    confidence: sure,
    confidence_interval: { low: rounded(low), high: rounded(high) },
    rating_components: parts.map(toldOf),
    ...(analysisType === "advanced" && { peers: comparedWith(parts, others) }),
    inputs: versionsOf(books.versions, others),
  };
};
