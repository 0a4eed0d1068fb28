import { ValueCounts } from "./valueCounts";

/** What is kept of all values of one metric in one stretch of time. */
export interface Bucket {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Only where the values differ: most minutes of most metrics need none. */
  values: ValueCounts | undefined;
}

export const emptyBucket = (): Bucket => ({
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  values: undefined,
});

/** The distribution of a bucket's values, made explicit because more are about to join. */
const distribution = (bucket: Bucket): ValueCounts => {
  if (!bucket.values) {
    bucket.values = new ValueCounts();
    if (bucket.count > 0) bucket.values.add(bucket.min, bucket.count);
  }
  return bucket.values;
};

const widen = (bucket: Bucket, by: Omit<Bucket, "values">): void => {
  bucket.count += by.count;
  bucket.sum += by.sum;
  bucket.min = Math.min(bucket.min, by.min);
  bucket.max = Math.max(bucket.max, by.max);
};

export const addValue = (bucket: Bucket, value: number, count: number): void => {
  const same = bucket.count === 0 || (bucket.min === value && bucket.max === value);
  if (!same) distribution(bucket).add(value, count);
  widen(bucket, { count, sum: value * count, min: value, max: value });
};

export const addBucket = (bucket: Bucket, other: Bucket): void => {
  const one = bucket.count === 0 ? other.min : bucket.min;
  const same = !bucket.values && !other.values && one === other.min;
  if (!same) {
    const joined = distribution(bucket);
    if (other.values) joined.addAll(other.values);
    else joined.add(other.min, other.count);
  }
  widen(bucket, other);
};

/** Rounding in a crowded distribution never leads outside of what was really put, and the ends are exact. */
export const quantile = ({ values, min, max }: Bucket, share: number): number => {
  if (!values || share <= 0) return min;
  return share >= 1 ? max : Math.min(max, Math.max(min, values.quantile(share)));
};
