import type { StreamSource } from "../lambda/streamSource";
import { nameOf } from "./address";
import { shardDoesNotExist } from "./errors";
import { startIn } from "./position";
import { type Shard, shardIdOf, shardIndexOf } from "./shard";
import type { StoredStream } from "./store";
import type { Streams } from "./streams";

const hour = 3_600_000;

/** Streams as event source mappings read them: for Lambda, within AWS, without a call's limits. */
export const streamSource = (streams: Streams, now: () => number): StreamSource => {
  const find = (arn: string, shardId: string): { stream: StoredStream; shard: Shard } => {
    const stream = streams.existing(nameOf(arn));
    const shard = stream.shards[shardIndexOf(shardId) ?? -1];
    if (!shard) throw shardDoesNotExist(shardId, stream.name);
    return { stream, shard };
  };
  return {
    shards: (arn) =>
      streams.existing(nameOf(arn)).shards.map(({ id, parents, closedAt }) => ({
        id,
        parents: parents.map(shardIdOf),
        open: closedAt === undefined,
      })),
    start: (arn, shardId, { position, timestamp }) => {
      const { stream, shard } = find(arn, shardId);
      const { sequence, inclusive } = startIn(shard, stream.name, { type: position, timestamp }, now());
      return inclusive ? shard.before(sequence) : sequence;
    },
    read: (arn, shardId, after, { max, maxBytes, wanted }) => {
      const { stream, shard } = find(arn, shardId);
      return streams.read(stream.name, shard, { sequence: after }, { max, maxBytes, wanted });
    },
    retentionMs: (arn) => streams.existing(nameOf(arn)).settings.retentionHours * hour,
    onChange: (arn, listener) => streams.onChange(nameOf(arn), (shards) => listener(shards.map(({ id }) => id))),
  };
};
