import { invalidArgument } from "../errors";
import type { Shard } from "../shard";
import type { StoredStream } from "../store";
import { check, type Input, optionalNumber, optionalText, rules, text } from "./input";

export interface ShardFilter {
  type: string;
  shardId: string | undefined;
  /** In milliseconds. */
  timestamp: number | undefined;
}

const types = [
  "AFTER_SHARD_ID",
  "AT_TRIM_HORIZON",
  "FROM_TRIM_HORIZON",
  "AT_LATEST",
  "AT_TIMESTAMP",
  "FROM_TIMESTAMP",
] as const;

export const shardFilter = (input: Input): ShardFilter | undefined => {
  const filter = input["ShardFilter"] as Input | undefined;
  if (filter === undefined) return undefined;
  check("ListShards", filter, {
    Type: { type: "String", required: true, enum: types },
    ShardId: { ...rules.ShardId, required: false },
    Timestamp: { type: "time" },
  });
  const seconds = optionalNumber(filter, "Timestamp");
  const asked = {
    type: text(filter, "Type"),
    shardId: optionalText(filter, "ShardId"),
    timestamp: seconds === undefined ? undefined : seconds * 1_000,
  };
  if (asked.type === "AFTER_SHARD_ID" && asked.shardId === undefined) {
    throw invalidArgument("ShardId must be provided if the ShardFilter's Type is AFTER_SHARD_ID.");
  }
  if (asked.type.endsWith("TIMESTAMP") && asked.timestamp === undefined) {
    throw invalidArgument(`Timestamp must be provided if the ShardFilter's Type is ${asked.type}.`);
  }
  return asked;
};

const isOpenAt = ({ createdAt, closedAt = Number.POSITIVE_INFINITY }: Shard, moment: number): boolean =>
  createdAt <= moment && moment < closedAt;

/** Which shards a filter lets through. */
export const filterShards = ({ shards, createdAt }: StoredStream, filter?: ShardFilter): Shard[] => {
  if (!filter || filter.type === "FROM_TRIM_HORIZON") return [...shards];
  const { type, shardId = "", timestamp = createdAt } = filter;
  const moment = Math.max(timestamp, createdAt);
  if (type === "AFTER_SHARD_ID") return shards.filter(({ id }) => id > shardId);
  if (type === "AT_LATEST") return shards.filter(({ closedAt }) => closedAt === undefined);
  if (type === "AT_TRIM_HORIZON") return shards.filter((shard) => isOpenAt(shard, createdAt));
  if (type === "AT_TIMESTAMP") return shards.filter((shard) => isOpenAt(shard, moment));
  return shards.filter(({ closedAt = Number.POSITIVE_INFINITY }) => closedAt > moment);
};
