import type { Operation } from "../../cloud/service";
import { arnOf } from "../address";
import { shardDoesNotExist, throughputExceeded } from "../errors";
import { toDecimal } from "../hashKey";
import { checkFresh, readIterator, writeIterator } from "../iterator";
import { iteratorTypes, startIn } from "../position";
import { type Shard, type StoredRecord, shardIdOf, shardIndexOf } from "../shard";
import type { StoredStream } from "../store";
import type { Streams } from "../streams";
import { check, type Input, optionalNumber, optionalText, rules, streamRules, text } from "./input";
import { onStream, streamName } from "./stream";

const mostRecords = 10_000;
const mostBytes = 10 * 2 ** 20;

const asRecord = ({ sequenceNumber, at, data, partitionKey }: StoredRecord, { settings }: StoredStream) => ({
  SequenceNumber: sequenceNumber,
  ApproximateArrivalTimestamp: at / 1_000,
  Data: data,
  PartitionKey: partitionKey,
  EncryptionType: settings.keyId === undefined ? "NONE" : "KMS",
});

const childrenOf = ({ shards }: StoredStream, { index }: Shard) =>
  shards
    .filter(({ parents }) => parents.includes(index))
    .map(({ id, parents, range }) => ({
      ShardId: id,
      ParentShards: parents.map(shardIdOf),
      HashKeyRange: { StartingHashKey: toDecimal(range.from), EndingHashKey: toDecimal(range.to) },
    }));

export const readOperations = (streams: Streams, now: () => number): Record<string, Operation> => {
  const shardOf = (stream: StoredStream, shardId: string): Shard => {
    const index = shardIndexOf(shardId);
    const shard = stream.shards[index ?? -1];
    if (!shard) throw shardDoesNotExist(index === undefined ? shardId : shardIdOf(index), stream.name);
    return shard;
  };
  return {
    GetShardIterator: {
      access: onStream("GetShardIterator"),
      run: (input: Input) => {
        check("GetShardIterator", input, {
          ...streamRules,
          ShardId: rules.ShardId,
          ShardIteratorType: { type: "String", required: true, enum: iteratorTypes },
          StartingSequenceNumber: rules.sequence,
          Timestamp: { type: "time" },
        });
        const stream = streams.existing(streamName(input));
        const shard = shardOf(stream, text(input, "ShardId"));
        const seconds = optionalNumber(input, "Timestamp");
        const start = {
          type: iteratorTypes.find((type) => type === input["ShardIteratorType"]) ?? "LATEST",
          sequence: optionalText(input, "StartingSequenceNumber"),
          timestamp: seconds === undefined ? undefined : seconds * 1_000,
        };
        const position = startIn(shard, stream.name, start, now());
        return { ShardIterator: writeIterator({ stream: stream.name, shard: shard.index, position, madeAt: now() }) };
      },
    },
    GetRecords: {
      access: (input: Input) => ({
        action: "kinesis:GetRecords",
        resource: arnOf(readIterator(text(input, "ShardIterator")).stream),
      }),
      run: (input: Input) => {
        check("GetRecords", input, {
          ShardIterator: { type: "String", required: true, length: [1, 512] },
          Limit: { type: "Integer", range: [1, mostRecords] },
          StreamARN: rules.StreamARN,
        });
        const iterator = readIterator(text(input, "ShardIterator"));
        checkFresh(iterator, now());
        const stream = streams.existing(iterator.stream);
        const shard = shardOf(stream, shardIdOf(iterator.shard));
        if (!streams.throughput.admitsRead(shard)) {
          streams.metrics.put(stream.name, { ReadProvisionedThroughputExceeded: 1 });
          throw throughputExceeded(shard.id, stream.name);
        }
        const max = optionalNumber(input, "Limit") ?? mostRecords;
        const { records, through, ended, behindMs } = streams.read(stream.name, shard, iterator.position, {
          max,
          maxBytes: mostBytes,
        });
        streams.throughput.given(
          shard,
          records.reduce((sum, { bytes }) => sum + bytes, 0),
        );
        const position = through === undefined ? iterator.position : { sequence: through };
        return {
          Records: records.map((record) => asRecord(record, stream)),
          MillisBehindLatest: behindMs,
          ...(ended
            ? { ChildShards: childrenOf(stream, shard) }
            : { NextShardIterator: writeIterator({ ...iterator, position, madeAt: now() }) }),
        };
      },
    },
  };
};
