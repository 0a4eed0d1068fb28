import { nothing, type View } from "./query";

/** Sums the scores of those that match at least `least` of the clauses. */
export const sumOf = (view: View, clauses: readonly Float64Array[], least: number): Float64Array => {
  const sum = new Float64Array(view.segment.size);
  const matched = new Uint16Array(view.segment.size);
  for (const scores of clauses) {
    for (let ordinal = 0; ordinal < sum.length; ordinal++) {
      const score = scores[ordinal] as number;
      if (score < 0) continue;
      sum[ordinal] = (sum[ordinal] as number) + score;
      matched[ordinal] = (matched[ordinal] as number) + 1;
    }
  }
  for (let ordinal = 0; ordinal < sum.length; ordinal++) {
    if ((matched[ordinal] as number) < least) sum[ordinal] = -1;
  }
  return sum;
};

/** The best of the scores, and of each other one as much as `tie` says. */
export const bestOf = (view: View, clauses: readonly Float64Array[], tie: number): Float64Array => {
  const best = nothing(view);
  for (let ordinal = 0; ordinal < best.length; ordinal++) {
    let most = -1;
    let sum = 0;
    for (const scores of clauses) {
      const score = scores[ordinal] as number;
      if (score < 0) continue;
      sum += score;
      if (score > most) most = score;
    }
    if (most >= 0) best[ordinal] = most + tie * (sum - most);
  }
  return best;
};

/** Takes out what does not match, or what does. */
export const restrict = (scores: Float64Array, by: Float64Array, kept: "matching" | "others"): void => {
  for (let ordinal = 0; ordinal < scores.length; ordinal++) {
    if ((by[ordinal] as number) >= 0 !== (kept === "matching")) scores[ordinal] = -1;
  }
};
