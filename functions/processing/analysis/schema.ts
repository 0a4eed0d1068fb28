import * as v from "valibot";
import { dataTypes } from "../fundamentals/dataTypes";

/** What a rating is made of, in the order in which it is told. */
export const componentNames = [
  "piotroski",
  "altman",
  "beneish",
  "greenblatt",
  "graham",
  "sloan",
  "growth",
  "profitability",
  "leverage",
  "valuation",
  "newsSentiment",
] as const;
export type ComponentName = (typeof componentNames)[number];

/** From best to worst. */
export const grades = ["Strong Buy", "Buy", "Hold", "Sell", "Strong Sell"] as const;
export type Grade = (typeof grades)[number];

export const analysisTypes = ["rule_based", "advanced"] as const;
export type AnalysisType = (typeof analysisTypes)[number];

const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const text = v.pipe(v.string(), v.minLength(1));

/** A figure that was used, and which version of which report it was read from. */
export const inputSchema = v.strictObject({
  type: v.picklist([...dataTypes, "news"]),
  figure: text,
  fiscal_date: text,
  report_key: text,
  value: finite,
});
export type Input = v.InferOutput<typeof inputSchema>;

/** One number that a component looks at: what it is, and how good that is. */
const measureSchema = v.strictObject({ name: text, fiscal_date: text, value: finite, score: share });

export const verdicts = ["favourable", "neutral", "unfavourable"] as const;
export type Verdict = (typeof verdicts)[number];

const computedSchema = v.strictObject({
  /** The published figure of a rule that has one, otherwise the mean score of the measures. */
  value: finite,
  score: share,
  verdict: v.picklist(verdicts),
  reason: text,
  measures: v.array(measureSchema),
  inputs: v.array(inputSchema),
  /** What there was not: for measures that could not be computed, or only for an older period. */
  missing: v.array(text),
});
export type Computed = v.InferOutput<typeof computedSchema>;

const notComputableSchema = v.strictObject({
  notComputable: v.literal(true),
  missing: v.array(text),
  reason: text,
});
export type NotComputable = v.InferOutput<typeof notComputableSchema>;

const namedSchema = { component: v.picklist(componentNames), weight: share };

export const ratedComponentSchema = v.union([
  v.strictObject({
    ...namedSchema,
    ...computedSchema.entries,
    /** The share of the sector's firms that this component puts this firm above; in advanced ratings. */
    percentile: v.exactOptional(share),
  }),
  v.strictObject({ ...namedSchema, ...notComputableSchema.entries }),
]);
export type RatedComponent = v.InferOutput<typeof ratedComponentSchema>;

/** A version of something that the rating was computed from. */
const versionSchema = v.strictObject({ type: v.picklist([...dataTypes, "news", "peer"]), report_key: text });
export type Version = v.InferOutput<typeof versionSchema>;

/** A rating as it is stored. The same inputs, rules and moment give the same rating again. */
export const ratingSchema = v.strictObject({
  asset_id: v.pipe(v.string(), v.startsWith("ASSET#")),
  analysis_type: v.picklist(analysisTypes),
  rules_version: text,
  /** The moment at which the age of the data was judged. */
  as_of: v.pipe(v.string(), v.isoTimestamp()),
  investment_rating: v.picklist([...grades, "Not Rated"]),
  reason: text,
  /** From 0, worst, to 1, best. Absent where no component could be computed. */
  score: v.exactOptional(share),
  confidence: share,
  confidence_interval: v.strictObject({ low: share, high: share }),
  rating_components: v.array(ratedComponentSchema),
  /** Advanced ratings: how many firms of the sector it was compared with, or why with none. */
  peers: v.exactOptional(
    v.union([v.strictObject({ compared: v.pipe(v.number(), v.integer(), v.minValue(1)) }), notComputableSchema]),
  ),
  inputs: v.array(versionSchema),
});
export type Rating = v.InferOutput<typeof ratingSchema>;
