import { account } from "../cloud/cloud";
import { invalidArgument } from "./errors";
import { readSequence } from "./sequence";
import { type Position, type Shard, shardIdOf } from "./shard";

export const iteratorTypes = [
  "AFTER_SEQUENCE_NUMBER",
  "LATEST",
  "AT_TIMESTAMP",
  "AT_SEQUENCE_NUMBER",
  "TRIM_HORIZON",
] as const;

export type IteratorType = (typeof iteratorTypes)[number];

export interface Start {
  type: IteratorType;
  sequence?: string | undefined;
  /** In milliseconds. */
  timestamp?: number | undefined;
}

const atTimestamp = (shard: Shard, timestamp: number, now: number): Position => {
  const first = shard.records.find(({ at }) => at >= timestamp);
  return first ? { sequence: first.sequenceNumber, inclusive: true } : { sequence: shard.lastSequence(now) };
};

const checkSequence = (shard: Shard, sequence: string, stream: string): void => {
  const where = `used in GetShardIterator on shard ${shard.id} in stream ${stream} under account ${account} is invalid`;
  const said = readSequence(sequence);
  if (!said) throw invalidArgument(`StartingSequenceNumber ${sequence} ${where}.`);
  if (said.shard !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(said.shard)}, while it was used in a call to a shard with ${shard.id}`,
    );
  }
  if (Math.floor(shard.createdAt / 1_000) * 1_000 !== said.shardCreatedAt) {
    throw invalidArgument(`StartingSequenceNumber ${sequence} ${where} because it did not come from this stream.`);
  }
};

const mismatch = (type: IteratorType, sequence: string | undefined) =>
  invalidArgument(
    `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${sequence === undefined ? "no" : "also a"} StartingSequenceNumber.`,
  );

/** Where in a shard reading begins. */
export const startIn = (shard: Shard, stream: string, { type, sequence, timestamp }: Start, now: number): Position => {
  const bySequence = type === "AT_SEQUENCE_NUMBER" || type === "AFTER_SEQUENCE_NUMBER";
  if (bySequence !== (sequence !== undefined)) throw mismatch(type, sequence);
  if (sequence !== undefined) {
    checkSequence(shard, sequence, stream);
    return { sequence, inclusive: type === "AT_SEQUENCE_NUMBER" };
  }
  if (type === "TRIM_HORIZON") return { sequence: shard.startingSequence };
  if (type === "LATEST") return { sequence: shard.lastSequence(now) };
  if (timestamp === undefined) {
    throw invalidArgument("Timestamp must be provided if the ShardIteratorType is AT_TIMESTAMP.");
  }
  if (timestamp > now) throw invalidArgument("The timestamp provided for AT_TIMESTAMP must not be in the future.");
  return atTimestamp(shard, timestamp, now);
};
