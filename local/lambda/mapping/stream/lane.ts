import type { Cloud } from "../../../cloud/cloud";
import type { StreamReading, StreamRecord } from "../../streamSource";
import { Rest } from "./rest";

/** One of those who share a shard's work: it takes the records of its partition keys, batch by batch. */
export interface Lane {
  /** There may be records. */
  wake: () => void;
  stop: () => Promise<void>;
}

export interface LaneOptions {
  cloud: Cloud;
  label: string;
  /** Where it begins. */
  position: string;
  /** Asked before every batch: it may change. */
  batchSize: () => number;
  windowMs: number;
  /** Throws if reading is not allowed. */
  read: (after: string, limits: { max: number; maxBytes: number }) => StreamReading;
  /** Returns once the batch is done with, or was stopped on the way. */
  handle: (batch: readonly StreamRecord[], rest: (ms: number) => Promise<void>) => Promise<void>;
  /** Everything of the lane up to here is done with. */
  advance: (position: string) => void;
  onTrouble: (error: unknown) => void;
  /** The shard has nothing more for this lane. */
  onEnd: () => void;
}

interface Gathered {
  records: StreamRecord[];
  through: string;
  ended: boolean;
}

const minute = 60_000;
/** So many bytes fit into an invocation once they are written in base64. */
const mostBytes = 4.5 * 2 ** 20;

export const startLane = (options: LaneOptions): Lane => {
  const { cloud, label, windowMs } = options;
  const rest = new Rest(cloud, label);
  let position = options.position;
  let stopped = false;
  let ended = false;
  let news = true;
  /** A batch waits to fill up. */
  let filling = false;
  let running: Promise<void> | undefined;

  const gather = async (): Promise<Gathered> => {
    const records: StreamRecord[] = [];
    const most = options.batchSize();
    const until = cloud.clock.now() + windowMs;
    for (let through = position; ; ) {
      news = false;
      const reading = options.read(through, { max: most - records.length, maxBytes: mostBytes });
      records.push(...reading.records);
      through = reading.through ?? through;
      const full = records.length >= most || reading.more;
      const over = windowMs === 0 || records.length === 0 || cloud.clock.now() >= until;
      if (full || over || reading.ended || stopped) return { records, through, ended: reading.ended };
      filling = true;
      await rest.until(until, "work");
      filling = false;
    }
  };

  const work = async (): Promise<void> => {
    while (!stopped && !ended) {
      const batch = await gather();
      if (stopped) return;
      if (batch.records.length > 0) {
        await options.handle(batch.records, (ms) => rest.until(cloud.clock.now() + ms, "work"));
        if (stopped) return;
      }
      position = batch.through;
      options.advance(position);
      ended = batch.ended;
      if (batch.records.length === 0 && !news) return;
    }
  };

  const run = async (): Promise<void> => {
    rest.begin();
    try {
      await work();
    } catch (error) {
      options.onTrouble(error);
      if (!stopped) await rest.until(cloud.clock.now() + minute, "calendar");
      news = true;
    } finally {
      running = undefined;
      rest.end();
      if (ended) options.onEnd();
      else if (news) wake();
    }
  };

  const wake = (): void => {
    if (stopped || ended || running) return;
    running = run();
  };

  wake();

  return {
    wake: () => {
      news = true;
      if (filling) rest.call();
      wake();
    },
    stop: async () => {
      stopped = true;
      rest.call();
      await running;
    },
  };
};
