import type { Cloud } from "../../cloud/cloud";
import type { EventSource, ReceivedMessage } from "../eventSource";

export interface Collector {
  /** There may be messages, or room for another batch. */
  wake: () => void;
  /** Nothing is received for so long. False if it rests already. */
  pause: (ms: number, kind: "work" | "calendar") => boolean;
  stop: () => void;
}

interface Options {
  label: string;
  sourceArn: string;
  /** Asked before every batch: both may change. */
  batchSize: () => number;
  hasRoom: () => boolean;
  windowMs: number;
  /** Throws if receiving is not allowed. */
  authorise: () => void;
  /** Takes a batch over, without waiting for it. */
  dispatch: (batch: ReceivedMessage[]) => void;
  onTrouble: (error: unknown) => void;
}

/** As many as SQS hands out at a time. */
const receivedAtOnce = 10;
const minute = 60_000;

/** Receives a queue's messages batch by batch, whenever there are some and there is room for them. */
export const startCollector = (cloud: Cloud, source: EventSource, options: Options): Collector => {
  const { label, sourceArn, windowMs } = options;
  let stopped = false;
  let collecting = false;
  let paused: (() => void) | undefined;
  let mayHaveMore = true;
  /** Ends the wait for a batch to fill up. */
  let hurry: (() => void) | undefined;
  let done = () => {};

  const receive = async (max: number): Promise<ReceivedMessage[]> => {
    mayHaveMore = false;
    options.authorise();
    const received = await source.receive(sourceArn, { max });
    if (received.length > 0) mayHaveMore = true;
    return received;
  };

  /** Waiting for the clock is nothing in flight: it would keep the clock from being turned. */
  const rest = (until: number): Promise<void> =>
    new Promise((resume) => {
      const cancel = cloud.clock.at(until, "work", () => hurry?.());
      hurry = () => {
        hurry = undefined;
        cancel();
        done = cloud.activity.begin(label);
        resume();
      };
      done();
    });

  const gather = async (): Promise<ReceivedMessage[]> => {
    const wanted = options.batchSize();
    const batch = await receive(Math.min(receivedAtOnce, wanted));
    const until = cloud.clock.now() + windowMs;
    while (batch.length > 0 && batch.length < wanted && windowMs > 0 && !stopped) {
      if (mayHaveMore) batch.push(...(await receive(Math.min(receivedAtOnce, wanted - batch.length))));
      else if (cloud.clock.now() < until) await rest(until);
      else break;
    }
    return batch;
  };

  const pause = (ms: number, kind: "work" | "calendar"): boolean => {
    if (stopped || paused) return false;
    paused = cloud.clock.after(ms, kind, () => {
      paused = undefined;
      mayHaveMore = true;
      wake();
    });
    return true;
  };

  const giveBack = (batch: readonly ReceivedMessage[]): Promise<unknown> =>
    Promise.all(batch.map(({ receiptHandle }) => source.changeVisibility(sourceArn, receiptHandle, 0)));

  const collect = async (): Promise<void> => {
    try {
      while (!stopped && !paused && mayHaveMore && options.hasRoom()) {
        const batch = await gather();
        if (batch.length === 0) continue;
        if (stopped) await giveBack(batch);
        else options.dispatch(batch);
      }
    } catch (error) {
      options.onTrouble(error);
      pause(minute, "calendar");
    } finally {
      // At once with the last look at the conditions, or a call to wake in between would be lost.
      collecting = false;
      done();
    }
  };

  const wake = (): void => {
    if (collecting || stopped) return;
    collecting = true;
    done = cloud.activity.begin(label);
    void collect();
  };

  const forget = source.onVisible(sourceArn, () => {
    mayHaveMore = true;
    hurry?.();
    wake();
  });
  wake();

  return {
    wake,
    pause,
    stop: () => {
      stopped = true;
      forget();
      paused?.();
      hurry?.();
    },
  };
};
