import { type Failure, treatment } from "./failure";

export interface RetryPolicy {
  attempts: number;
  baseMs: number;
  capMs: number;
}

/** Two waits of at most 1 s and 2 s: the error handling of one call never adds 5 s. What takes longer is redelivered. */
export const inProcess: RetryPolicy = { attempts: 3, baseMs: 1_000, capMs: 30_000 };

/** For calls that somebody waits for, who has another way where they fail. */
export const oneTry: RetryPolicy = { ...inProcess, attempts: 1 };

export interface RetryContext {
  random: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Time this invocation has left. */
  remainingMs: () => number;
  onRetry?: (failure: Failure, attempt: number, delayMs: number) => void;
}

/** Kept free for reporting: a retry that would eat into it is left to redelivery. */
export const reserveMs = 2_000;

/** Full jitter: anywhere between nothing and the exponential ceiling. */
export const backoff = (attempt: number, policy: RetryPolicy, random: () => number): number =>
  Math.floor(random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1)));

/** Calls `operation` until it succeeds, fails for good, runs out of attempts, or runs out of time. */
export const retry = async <T>(
  operation: () => Promise<T>,
  classify: (error: unknown) => Failure,
  context: RetryContext,
  policy: RetryPolicy = inProcess,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      const failure = classify(error);
      // A condition of ours that was not met will not be met by asking again.
      const worthwhile = treatment[failure.category].retry && !failure.conditionFailed;
      if (!worthwhile || attempt >= policy.attempts) throw failure;
      const delay = backoff(attempt, policy, context.random);
      if (delay + reserveMs > context.remainingMs()) throw failure;
      context.onRetry?.(failure, attempt, delay);
      await context.sleep(delay);
    }
  }
};
