import type { Redis } from "ioredis";
import { classify } from "../aws/classify";
import { once } from "../aws/client";
import type { Run } from "../consume/run";
import { causeOf } from "../failure";
import { metricNames } from "../observe/metrics";
import { connect, type Place, placeFromEnvironment } from "./connection";

type CacheRun = Pick<Run, "now" | "log" | "meter">;

export interface Cache {
  /** Undefined where nothing is kept under the key, and where the cache does not answer. */
  get: (key: string, run: CacheRun) => Promise<unknown>;
  put: (key: string, value: unknown, ttlSeconds: number, run: CacheRun) => Promise<void>;
  close: () => void;
}

interface Open {
  redis: Promise<Redis>;
  usedAt: number;
}

/** How long a cache that failed is left alone. */
const restMs = 30_000;

/** Redis drops clients that were silent for five minutes; a frozen function would learn that only by trying. */
const freshForMs = 240_000;

/** What cannot be read is as good as absent: whoever misses it puts it there anew. */
const readable = (kept: string | null): unknown => {
  try {
    return kept === null ? undefined : JSON.parse(kept);
  } catch {
    return undefined;
  }
};

/** Best effort: a use never throws, ends in bounded time, and work goes on without what was not found. */
export const makeCache = (locate: (now: () => number) => Promise<Place> = placeFromEnvironment): Cache => {
  let current: Open | undefined;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let down = false;

  const open = (run: CacheRun): Open => {
    const opened: Open = { redis: locate(run.now).then(connect), usedAt: run.now() };
    const forget = () => {
      if (current === opened) current = undefined;
    };
    // Closed while nobody uses it is no failure: the next use opens another.
    opened.redis.then((redis) => redis.once("close", forget), forget);
    return opened;
  };

  const drop = (): void => {
    void current?.redis.then(
      (redis) => redis.disconnect(),
      () => undefined,
    );
    current = undefined;
  };

  const connection = (run: CacheRun): Promise<Redis> => {
    if (current && run.now() - current.usedAt > freshForMs) drop();
    current ??= open(run);
    current.usedAt = run.now();
    return current.redis;
  };

  const failed = (error: unknown, run: CacheRun): void => {
    drop();
    restsUntil = run.now() + restMs;
    if (!down) {
      const cause = causeOf(classify(error, "network"));
      run.log.warn("the cache does not answer; work goes on without it", { ...cause, leftAloneMs: restMs });
    }
    down = true;
  };

  const use = async <T>(run: CacheRun, work: (redis: Redis) => Promise<T>): Promise<{ value: T } | undefined> => {
    try {
      if (run.now() >= restsUntil) {
        const value = await work(await connection(run));
        if (down && run.now() >= restsUntil) {
          down = false;
          run.log.info("the cache answers again");
        }
        return { value };
      }
    } catch (error) {
      failed(error, run);
    }
    run.meter.add(metricNames.cacheFailures);
    return undefined;
  };

  return {
    get: async (key, run) => {
      const answer = await use(run, (redis) => redis.get(key));
      if (!answer) return undefined;
      const value = readable(answer.value);
      run.meter.add(value === undefined ? metricNames.cacheMisses : metricNames.cacheHits);
      return value;
    },
    put: async (key, value, ttlSeconds, run) => {
      await use(run, (redis) => redis.set(key, JSON.stringify(value), "EX", ttlSeconds));
    },
    close: drop,
  };
};

const shared = once(() => makeCache());

/** What is kept under a key such as `data:AAPL:earnings`. */
export const getCached = (key: string, run: CacheRun): Promise<unknown> => shared().get(key, run);

export const putCached = (key: string, value: unknown, ttlSeconds: number, run: CacheRun): Promise<void> =>
  shared().put(key, value, ttlSeconds, run);
