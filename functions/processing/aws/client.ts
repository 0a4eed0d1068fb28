import { Sha256 } from "./sha256";

/**
 * One call, one answer in bounded time: retries are ours (they are counted, jittered and end with the time that is
 * left), so the SDK makes none of its own.
 */
export const clientSettings = {
  maxAttempts: 1,
  sha256: Sha256,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

interface Client {
  middlewareStack: { remove: (name: string) => boolean };
}

/**
 * Without what the SDK does for its own log: it copies everything that is sent and answered, field by field, even where
 * nobody listens, which for many small calls is a tenth of their work. And without telling with each call which SDK and
 * which of its features made it, in a header that has to be composed, signed and read, which is another: who calls is
 * known by the role.
 */
export const quiet = <C extends Client>(client: C): C => {
  for (const name of ["loggerMiddleware", "getUserAgentMiddleware"]) client.middlewareStack.remove(name);
  return client;
};

/** Made on first use, once per process. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
