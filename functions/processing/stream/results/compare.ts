import { nameOf, none } from "../count/figures";
import { type Comparison, compareMeans, compareShares, type Share } from "../statistics/compare";
import { partsOf, sampleOf } from "./describe";
import type { Tally } from "./read";

export type Compared = { variant: string; control: string } & ({ goal: string } | { metric: string }) &
  Comparison & {
    /** Of users who were exposed and are looked at, for a goal; of events, for a metric. */
    sizes: { variant: number; control: number };
  };

/**
 * Of the users who saw the variant, those who reached the goal. Who reached it without having seen it is not among them. Where
 * samples are kept, it is of the users who are in both samples: each stands for `standFor`.
 */
export const shareOf = (tally: Tally, variant: string, goal: string): Share & { standFor: number } => {
  const exposed = tally.users.get(nameOf(variant, "exposure"));
  const converted = tally.users.get(nameOf(variant, `conversion:${goal}`));
  const level = Math.max(exposed?.level ?? 0, converted?.level ?? 0);
  return {
    part: exposed && converted ? converted.countIn(exposed, level) : 0,
    whole: exposed?.countAt(level) ?? 0,
    standFor: 2 ** level,
  };
};

const namesOf = (tally: Tally, kind: string): string[] =>
  [
    ...new Set([...tally.figures.keys()].map(partsOf).flatMap((parts) => (parts.kind === kind ? [parts.of] : []))),
  ].sort();

const ofGoal = (tally: Tally, variant: string, control: string, goal: string, confidence: number): Compared[] => {
  const [mine, others] = [shareOf(tally, variant, goal), shareOf(tally, control, goal)];
  const comparison = compareShares(mine, others, confidence);
  if (!comparison) return [];
  return [{ variant, control, goal, ...comparison, sizes: { variant: mine.whole, control: others.whole } }];
};

const ofMetric = (tally: Tally, variant: string, control: string, metric: string, confidence: number): Compared[] => {
  const sample = (of: string) => sampleOf(tally.figures.get(nameOf(of, `metric:${metric}`)) ?? none);
  const [mine, others] = [sample(variant), sample(control)];
  const comparison = compareMeans(mine, others, confidence);
  if (!comparison) return [];
  return [{ variant, control, metric, ...comparison, sizes: { variant: mine.count, control: others.count } }];
};

/** Each variant with the control, goal by goal and metric by metric; what cannot be compared is left out. */
export const compareAll = (
  tally: Tally,
  variants: readonly string[],
  control: string,
  confidence: number,
): Compared[] =>
  variants
    .filter((variant) => variant !== control)
    .flatMap((variant) => [
      ...namesOf(tally, "conversion").flatMap((goal) => ofGoal(tally, variant, control, goal, confidence)),
      ...namesOf(tally, "metric").flatMap((metric) => ofMetric(tally, variant, control, metric, confidence)),
    ]);
