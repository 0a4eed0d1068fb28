/**
 * One call, one answer in bounded time: retries are ours (they are counted, jittered and end with the time that is
 * left), so the SDK makes none of its own.
 */
export const clientSettings = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

/** Made on first use, once per process. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
