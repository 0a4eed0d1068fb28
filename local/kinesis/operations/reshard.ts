import { account } from "../../cloud/cloud";
import type { Operation } from "../../cloud/service";
import { arnOf } from "../address";
import { invalidArgument, shardNotFound } from "../errors";
import { readHashKey } from "../hashKey";
import { checkTarget, merge, openShards, split, uniform } from "../reshard";
import { type Shard, shardIndexOf } from "../shard";
import type { StoredStream } from "../store";
import type { Streams } from "../streams";
import { check, type Input, rules, streamRules, text } from "./input";
import { onStream, streamName } from "./stream";

const openShard = (stream: StoredStream, shardId: string): Shard => {
  const shard = stream.shards[shardIndexOf(shardId) ?? -1];
  if (!shard) throw shardNotFound(shardId, stream.name);
  if (shard.closedAt === undefined) return shard;
  throw invalidArgument(
    `Shard ${shard.id} in stream ${stream.name} under account ${account} has already been merged or split, and thus is not eligible for merging or splitting.`,
  );
};

const checkProvisioned = (operation: string, { name, settings }: StoredStream): void => {
  if (settings.mode === "PROVISIONED") return;
  throw invalidArgument(
    `Request is invalid. Stream ${name} under account ${account} is in On-Demand mode, in which ${operation} is not possible.`,
  );
};

/** All of them take effect at once. */
export const reshardOperations = (streams: Streams, now: () => number): Record<string, Operation> => ({
  SplitShard: {
    access: onStream("SplitShard"),
    run: (input: Input) => {
      check("SplitShard", input, {
        ...streamRules,
        ShardToSplit: rules.ShardId,
        NewStartingHashKey: { ...rules.hashKey, required: true },
      });
      const stream = streams.existing(streamName(input));
      checkProvisioned("SplitShard", stream);
      const shard = openShard(stream, text(input, "ShardToSplit"));
      const at = readHashKey(text(input, "NewStartingHashKey"), "NewStartingHashKey");
      streams.reshard(stream.name, split(stream, shard, at, now()));
    },
  },
  MergeShards: {
    access: onStream("MergeShards"),
    run: (input: Input) => {
      check("MergeShards", input, {
        ...streamRules,
        ShardToMerge: rules.ShardId,
        AdjacentShardToMerge: rules.ShardId,
      });
      const stream = streams.existing(streamName(input));
      checkProvisioned("MergeShards", stream);
      const [one, other] = ["ShardToMerge", "AdjacentShardToMerge"].map((name) => openShard(stream, text(input, name)));
      if (one && other) streams.reshard(stream.name, merge(stream, one, other, now()));
    },
  },
  UpdateShardCount: {
    access: onStream("UpdateShardCount"),
    run: (input: Input) => {
      check("UpdateShardCount", input, {
        ...streamRules,
        TargetShardCount: { type: "Integer", required: true, range: [1, 2 ** 31 - 1] },
        ScalingType: { type: "String", required: true, enum: ["UNIFORM_SCALING"] },
      });
      const stream = streams.existing(streamName(input));
      checkProvisioned("UpdateShardCount", stream);
      const target = Number(input["TargetShardCount"]);
      const current = openShards(stream).length;
      checkTarget(stream, target);
      if (target !== current) streams.reshard(stream.name, uniform(stream, target, now()));
      return {
        StreamName: stream.name,
        StreamARN: arnOf(stream.name),
        CurrentShardCount: current,
        TargetShardCount: target,
      };
    },
  },
});
