import { Redis } from "ioredis";
import * as v from "valibot";
import { readSecret } from "../aws/secrets";
import { env } from "../environment";

export interface Place {
  host: string;
  port: number;
  token: string;
}

/** What one use of the cache may take at most, on top of what it is meant to save. */
const connectWithinMs = 500;
const answerWithinMs = 250;
const readTokenWithinMs = 1_000;

const secret = v.object({ token: v.string() });

const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`${what} took more than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The cache that the infrastructure put into the environment. */
export const placeFromEnvironment = async (now: () => number): Promise<Place> => {
  const [host, port, secretArn] = [env("CACHE_HOST"), env("CACHE_PORT"), env("CACHE_SECRET_ARN")];
  const { token } = await within(readTokenWithinMs, "reading the token", readSecret(secretArn, secret, now));
  return { host, port: Number(port), token };
};

/** A connection that answers in bounded time or fails, tries nothing again, and keeps no process alive. */
export const connect = async ({ host, port, token }: Place): Promise<Redis> => {
  const redis = new Redis({
    host,
    port,
    password: token,
    tls: {},
    // Signs in by AUTH with the token alone, as ElastiCache describes it.
    protocol: 2,
    lazyConnect: true,
    connectTimeout: connectWithinMs,
    commandTimeout: answerWithinMs,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
  });
  let trouble: unknown;
  redis.on("error", (error) => {
    trouble ??= error;
  });
  try {
    await within(connectWithinMs, "connecting", redis.connect());
  } catch (error) {
    redis.disconnect();
    throw trouble ?? error;
  }
  redis.stream.unref();
  return redis;
};
