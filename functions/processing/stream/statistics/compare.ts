import { normalDistance, normalTails, studentDistance, studentTails } from "./distributions";

/** How two variants differ in something, and whether that may be chance. Two-sided. */
export interface Comparison {
  test: "Welch's t" | "two-proportion z, pooled";
  /** The variant's less the control's. */
  difference: number;
  /** In which the true difference lies with the confidence that was asked for. */
  interval: { low: number; high: number };
  statistic: number;
  degreesOfFreedom?: number;
  pValue: number;
}

export interface Sample {
  count: number;
  mean: number;
  variance: number;
}

/** Of means, whose variances need not be equal. Nothing where there is too little to compare. */
export const compareMeans = (variant: Sample, control: Sample, confidence: number): Comparison | undefined => {
  if (variant.count < 2 || control.count < 2) return undefined;
  const [mine, others] = [variant.variance / variant.count, control.variance / control.count];
  const error = Math.sqrt(mine + others);
  if (error === 0) return undefined;
  const degreesOfFreedom = (mine + others) ** 2 / (mine ** 2 / (variant.count - 1) + others ** 2 / (control.count - 1));
  const difference = variant.mean - control.mean;
  const statistic = difference / error;
  const reach = studentDistance(1 - confidence, degreesOfFreedom) * error;
  return {
    test: "Welch's t",
    difference,
    interval: { low: difference - reach, high: difference + reach },
    statistic,
    degreesOfFreedom,
    pValue: studentTails(statistic, degreesOfFreedom),
  };
};

export interface Share {
  part: number;
  whole: number;
}

/** Of shares. The test pools both, since it supposes that they are the same; the interval does not. */
export const compareShares = (variant: Share, control: Share, confidence: number): Comparison | undefined => {
  if (variant.whole < 1 || control.whole < 1) return undefined;
  const [mine, others] = [variant.part / variant.whole, control.part / control.whole];
  const pooled = (variant.part + control.part) / (variant.whole + control.whole);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / variant.whole + 1 / control.whole));
  if (error === 0) return undefined;
  const difference = mine - others;
  const spread = Math.sqrt((mine * (1 - mine)) / variant.whole + (others * (1 - others)) / control.whole);
  const reach = normalDistance(1 - confidence) * spread;
  return {
    test: "two-proportion z, pooled",
    difference,
    interval: { low: difference - reach, high: difference + reach },
    statistic: difference / error,
    pValue: normalTails(difference / error),
  };
};
