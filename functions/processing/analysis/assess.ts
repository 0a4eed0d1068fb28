import type { Books } from "./books";
import type { Observation } from "./confidence";
import type { Found, Measured } from "./measure";
import { mean, rounded } from "./scale";
import type { Computed, Input, NotComputable, Verdict } from "./schema";
import { capital, listed } from "./wording";

/** A part of a component: which share of it, and what was seen. */
export interface Evidence {
  share: number;
  observations: readonly Observation[];
}

export interface Assessed extends Computed {
  evidence: readonly Evidence[];
}

export type Outcome = Assessed | NotComputable;
export type Rule = (books: Books) => Outcome;

export const verdictOn = (score: number): Verdict =>
  score >= 0.6 ? "favourable" : score <= 0.4 ? "unfavourable" : "neutral";

const manyMissing = 3;

export const lacking = (rule: string, missing: readonly string[]): NotComputable => {
  const names = [...new Set(missing)];
  const more = names.length - manyMissing;
  const named = more > 0 ? [...names.slice(0, manyMissing), `${more} more`] : names;
  return { notComputable: true, missing: names, reason: `${rule} cannot be computed without ${listed(named)}.` };
};

/** A figure that several measures were read from is one input. */
const distinct = (inputs: readonly Input[]): Input[] => {
  const seen: Input[] = [];
  for (const input of inputs) {
    const { figure, report_key, type } = input;
    const again = seen.some((one) => one.figure === figure && one.report_key === report_key && one.type === type);
    if (!again) seen.push(input);
  }
  return seen;
};

const told = ({ name, fiscal_date, value, score }: Found) => ({ name, fiscal_date, value, score });
const evidenceOf = ({ score, certainty }: Found, share: number): Evidence => ({
  share,
  observations: [{ score, certainty }],
});

/** A rule that comes to one published figure. */
export const assessOne = (rule: string, { found, missing }: Measured, say: (found: Found) => string): Outcome => {
  if (!found) return lacking(rule, missing);
  return {
    value: found.value,
    score: found.score,
    verdict: verdictOn(found.score),
    reason: say(found),
    measures: [told(found)],
    inputs: distinct(found.inputs),
    missing: [...new Set(missing)],
    evidence: [evidenceOf(found, 1)],
  };
};

/** A rule that looks at several things alike: what it comes to is the mean of those that could be computed. */
export const assessAll = (rule: string, measures: readonly Measured[]): Outcome => {
  const seen: Found[] = [];
  const says: string[] = [];
  const missing: string[] = [];
  for (const { found, missing: lacks } of measures) {
    missing.push(...lacks);
    if (!found) continue;
    seen.push(found);
    // Something is missing of a newer period: this is the value of an older one.
    const when = lacks.length > 0 ? ` of ${found.fiscal_date}` : "";
    says.push(`${found.name}${when} is ${found.shown}`);
  }
  if (seen.length === 0) return lacking(rule, missing);
  const score = rounded(mean(seen.map((found) => found.score)));
  return {
    value: score,
    score,
    verdict: verdictOn(score),
    reason: `${capital(listed(says))}.`,
    measures: seen.map(told),
    inputs: distinct(seen.flatMap(({ inputs }) => inputs)),
    missing: [...new Set(missing)],
    evidence: seen.map((found) => evidenceOf(found, 1 / measures.length)),
  };
};
