import type { Cloud } from "../../../cloud/cloud";
import type { KeptCheckpoints } from "../../keptCheckpoints";
import type { StreamReading, StreamRecord } from "../../streamSource";
import { type Lane, type LaneOptions, startLane } from "./lane";

/** A shard at work: its records go to lanes, by their partition keys. */
export interface ShardWork {
  wake: () => void;
  stop: () => Promise<void>;
}

/** What is asked of a lane by whoever works through its batch. */
export interface LaneTime {
  advance: (position: string) => void;
  rest: (ms: number) => Promise<void>;
}

export interface ShardWorkOptions extends Pick<LaneOptions, "label" | "batchSize" | "windowMs" | "onTrouble"> {
  cloud: Cloud;
  kept: KeptCheckpoints;
  about: { functionName: string; sourceArn: string; shardId: string };
  lanes: number;
  /** Where to begin, if nothing is known of an earlier time. */
  start: string;
  read: (
    after: string,
    options: { max: number; maxBytes: number; wanted: (record: StreamRecord) => boolean },
  ) => StreamReading;
  handle: (batch: readonly StreamRecord[], lane: LaneTime) => Promise<void>;
  /** All lanes have come to the shard's end. */
  onEnd: () => void;
}

/** Among another number of lanes records are divided otherwise: all begin where the last of them was. */
const takenUp = (known: readonly string[], lanes: number): string[] => {
  if (known.length === lanes) return [...known];
  const [last = ""] = [...known].sort();
  return Array.from({ length: lanes }, () => last);
};

export const startShardWork = (options: ShardWorkOptions): ShardWork => {
  const { kept, about, lanes: count } = options;
  const known = kept.find(about);
  const positions = known ? takenUp(known, count) : Array.from({ length: count }, () => options.start);
  let working = count;

  const save = (): void => kept.put({ ...about, lanes: [...positions] });

  const lanes = positions.map((position, at): Lane => {
    const wanted = ({ lane }: StreamRecord) => lane % count === at;
    return startLane({
      ...options,
      position,
      read: (after, limits) => options.read(after, { ...limits, wanted }),
      handle: (batch, rest) =>
        options.handle(batch, {
          rest,
          advance: (reached) => {
            positions[at] = reached;
            save();
          },
        }),
      advance: (reached) => {
        positions[at] = reached;
      },
      onEnd: () => {
        working--;
        if (working === 0) options.onEnd();
      },
    });
  });

  return {
    wake: () => {
      for (const lane of lanes) lane.wake();
    },
    stop: async () => {
      await Promise.all(lanes.map((lane) => lane.stop()));
      save();
    },
  };
};
