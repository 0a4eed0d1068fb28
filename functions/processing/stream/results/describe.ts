import { add, formatDecimal, multiply } from "../count/decimal";
import { type Figures, none } from "../count/figures";
import type { Sample } from "../statistics/compare";
import type { WindowTotals } from "./read";

/** Of values: metrics, and conversions that have one. */
export interface ValueFigures {
  count: number;
  /** Exact, in decimal. */
  sum: string;
  mean: number;
  /** Of the sample; unknown for a single value. */
  variance?: number;
  min: number;
  max: number;
}

export interface MeasureFigures {
  events: number;
  users: number;
  /** Where `users` is an estimate, made from a sample. */
  usersEstimated?: true;
  values?: ValueFigures;
}

export interface VariantFigures {
  variant: string;
  exposures: MeasureFigures;
  /** By goal. */
  conversions: Record<string, MeasureFigures>;
  /** By metric. */
  metrics: Record<string, MeasureFigures>;
}

const asNumber = (decimal: Parameters<typeof formatDecimal>[0]): number => Number(formatDecimal(decimal));

/** Rounded once, at the end: before that, everything is exact. */
export const sampleOf = ({ valued, sum, squares }: Figures): Sample => {
  const count = { digits: BigInt(valued), scale: 0 };
  const square = multiply(sum, sum);
  const spread = add(multiply(count, squares), { ...square, digits: -square.digits });
  return {
    count: valued,
    mean: asNumber(sum) / valued,
    variance: valued < 2 ? Number.NaN : asNumber(spread) / (valued * (valued - 1)),
  };
};

const valuesOf = (figures: Figures): ValueFigures => {
  const { count, mean, variance } = sampleOf(figures);
  return {
    count,
    sum: formatDecimal(figures.sum),
    mean,
    ...(count > 1 && { variance }),
    min: figures.min,
    max: figures.max,
  };
};

const measure = (figures: Figures, users: number, estimated = false): MeasureFigures => ({
  events: figures.count,
  users,
  ...(estimated && { usersEstimated: true }),
  ...(figures.valued > 0 && { values: valuesOf(figures) }),
});

/** Takes `variant|kind:name` apart. */
export const partsOf = (name: string): { variant: string; kind: string; of: string } => {
  const bar = name.indexOf("|");
  const colon = name.indexOf(":", bar);
  const end = colon < 0 ? name.length : colon;
  return { variant: name.slice(0, bar), kind: name.slice(bar + 1, end), of: name.slice(end + 1) };
};

const byMeasure = (totals: WindowTotals, variant: string, kind: string): Record<string, MeasureFigures> =>
  Object.fromEntries(
    [...totals.figures]
      .map(([name, figures]) => ({ name, figures, parts: partsOf(name) }))
      .filter(({ parts }) => parts.variant === variant && parts.kind === kind)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, figures, parts }) => [
        parts.of,
        measure(figures, totals.users.get(name) ?? 0, totals.estimated.has(name)),
      ]),
  );

/** By variant, in the order of their names. */
export const describe = (totals: WindowTotals): VariantFigures[] =>
  [...new Set([...totals.figures.keys()].map((name) => partsOf(name).variant))].sort().map((variant) => ({
    variant,
    exposures: byMeasure(totals, variant, "exposure")[""] ?? measure(none, 0),
    conversions: byMeasure(totals, variant, "conversion"),
    metrics: byMeasure(totals, variant, "metric"),
  }));
