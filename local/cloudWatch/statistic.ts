import { type Bucket, quantile } from "./bucket";
import { invalid, unsupported } from "./refused";

/** Reads one figure from a bucket that is not empty. */
export type Statistic = (bucket: Bucket) => number;

const plain: ReadonlyMap<string, Statistic> = new Map([
  ["Sum", ({ sum }: Bucket) => sum],
  ["Average", ({ sum, count }: Bucket) => sum / count],
  ["Minimum", ({ min }: Bucket) => min],
  ["Maximum", ({ max }: Bucket) => max],
  ["SampleCount", ({ count }: Bucket) => count],
]);

export const plainStatistics: readonly string[] = [...plain.keys()];

/** Statistics that AWS has and this does not: trimmed and winsorized means, ranks and the like. */
const known = /^(tm|wm|tc|ts)\d|^(TM|WM|TC|TS|PR)\(|^IQM$/;

export const statisticOf = (name: string): Statistic => {
  const found = plain.get(name);
  if (found) return found;
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent !== undefined) return (bucket) => quantile(bucket, Number(percent) / 100);
  throw known.test(name) ? unsupported(`the statistic ${name}`) : invalid(`there is no statistic ${name}`);
};
