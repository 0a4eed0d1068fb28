import { account } from "../cloud/cloud";
import { invalidArgument, limitExceeded } from "./errors";
import { before, evenRanges, type HashKey, isAdjacent, type Range, toDecimal } from "./hashKey";
import { mostShards } from "./settings";
import type { Shard, ShardFacts } from "./shard";
import type { StoredStream } from "./store";

/** Which shards end, and which begin in their place. */
export interface Resharding {
  closed: number[];
  opened: ShardFacts[];
}

export const openShards = ({ shards }: Pick<StoredStream, "shards">): Shard[] =>
  shards.filter(({ closedAt }) => closedAt === undefined);

const second = 1_000;

/** A second younger than its parents at least: so its numbers are greater than any of theirs. */
const newShard = (index: number, range: Range, now: number, parents: readonly Shard[] = []): ShardFacts => ({
  index,
  parents: parents.map((parent) => parent.index),
  range,
  createdAt: Math.max(now, ...parents.map(({ createdAt }) => createdAt + second)),
  next: 1,
});

export const firstShards = (count: number, now: number): ShardFacts[] =>
  evenRanges(count).map((range, index) => newShard(index, range, now));

export const split = ({ name, shards }: StoredStream, shard: Shard, at: HashKey, now: number): Resharding => {
  const { from, to } = shard.range;
  if (at <= from || at > to) {
    throw invalidArgument(
      `NewStartingHashKey ${toDecimal(at)} used in SplitShard() on shard ${shard.id} in stream ${name} under account ${account} is not both greater than one plus the shard's StartingHashKey ${toDecimal(from)} and less than the shard's EndingHashKey ${toDecimal(to)}.`,
    );
  }
  const ranges = [
    { from, to: before(at) },
    { from: at, to },
  ];
  return {
    closed: [shard.index],
    opened: ranges.map((range, ahead) => newShard(shards.length + ahead, range, now, [shard])),
  };
};

export const merge = ({ name, shards }: StoredStream, one: Shard, other: Shard, now: number): Resharding => {
  if (!isAdjacent(one.range, other.range) && !isAdjacent(other.range, one.range)) {
    throw invalidArgument(
      `Shards ${one.id} and ${other.id} in stream ${name} under account ${account} are not an adjacent pair of shards eligible for merging`,
    );
  }
  const [lower, upper] = one.range.from < other.range.from ? [one, other] : [other, one];
  const range = { from: lower.range.from, to: upper.range.to };
  return { closed: [one.index, other.index], opened: [newShard(shards.length, range, now, [one, other])] };
};

const overlap = (one: Range, other: Range): boolean => one.from <= other.to && other.from <= one.to;

/** Shards of equal size. AWS gets there in steps, each of which splits or merges; here a shard may follow three. */
export const uniform = (stream: StoredStream, count: number, now: number): Resharding => {
  const open = openShards(stream);
  return {
    closed: open.map(({ index }) => index),
    opened: evenRanges(count).map((range, ahead) => {
      const parents = open.filter((shard) => overlap(shard.range, range));
      return newShard(stream.shards.length + ahead, range, now, parents);
    }),
  };
};

export const checkTarget = (stream: StoredStream, target: number): void => {
  const open = openShards(stream).length;
  const counts = `Current open shard count: ${open}, Target shard count: ${target}`;
  if (target > mostShards) {
    throw limitExceeded(`Target shard count or number of open shards cannot be greater than ${mostShards}. ${counts}`);
  }
  if (target > open * 2) {
    throw limitExceeded(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  }
  if (target < open / 2) {
    throw limitExceeded(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  }
};
