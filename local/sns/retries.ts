/** How often, and how long apart, SNS tries a queue or a function again after an error on its side. */
const immediate = 3;
const preBackoff = { tries: 2, everyMs: 1_000 };
const backoff = { tries: 10, fromMs: 1_000, toMs: 20_000 };
const postBackoff = { tries: 100_000, everyMs: 20_000 };

const beforeBackoff = immediate + preBackoff.tries;
/** So many tries take little more than a minute; those that follow take 23 days. */
export const quickRetries = beforeBackoff + backoff.tries;
export const allRetries = quickRetries + postBackoff.tries;

/** How long to wait before a retry, the first of which is 1. Undefined: there is no such retry. */
export const waitBefore = (retry: number): number | undefined => {
  if (retry <= immediate) return 0;
  if (retry <= beforeBackoff) return preBackoff.everyMs;
  if (retry <= quickRetries) {
    const step = (retry - beforeBackoff - 1) / (backoff.tries - 1);
    return Math.round(backoff.fromMs * (backoff.toMs / backoff.fromMs) ** step);
  }
  return retry <= allRetries ? postBackoff.everyMs : undefined;
};
