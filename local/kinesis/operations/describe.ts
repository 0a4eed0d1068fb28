import type { Operation } from "../../cloud/service";
import { arnOf } from "../address";
import { invalidArgument } from "../errors";
import { toDecimal } from "../hashKey";
import { openShards } from "../reshard";
import { mostShards } from "../settings";
import { type Shard, shardIdOf } from "../shard";
import type { StoredStream } from "../store";
import type { Streams } from "../streams";
import { check, type Input, optionalNumber, optionalText, rules, streamRules } from "./input";
import { filterShards, shardFilter } from "./shardFilter";
import { onStream, streamName } from "./stream";

export const describeShard = ({ id, parents, range, startingSequence, endingSequence }: Shard) => {
  const adjacent = parents.length > 1 ? parents.at(-1) : undefined;
  return {
    ShardId: id,
    ...(parents[0] !== undefined && { ParentShardId: shardIdOf(parents[0]) }),
    ...(adjacent !== undefined && { AdjacentParentShardId: shardIdOf(adjacent) }),
    HashKeyRange: { StartingHashKey: toDecimal(range.from), EndingHashKey: toDecimal(range.to) },
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequence,
      ...(endingSequence !== undefined && { EndingSequenceNumber: endingSequence }),
    },
  };
};

const summarise = ({ name, createdAt, settings }: StoredStream) => ({
  StreamName: name,
  StreamARN: arnOf(name),
  StreamStatus: "ACTIVE",
  StreamModeDetails: { StreamMode: settings.mode },
  StreamCreationTimestamp: createdAt / 1_000,
});

const describe = (stream: StoredStream) => ({
  ...summarise(stream),
  RetentionPeriodHours: stream.settings.retentionHours,
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
  EncryptionType: stream.settings.keyId === undefined ? "NONE" : "KMS",
  ...(stream.settings.keyId !== undefined && { KeyId: stream.settings.keyId }),
});

const page = <T>(items: readonly T[], size: number): { items: T[]; more: boolean } => ({
  items: items.slice(0, size),
  more: items.length > size,
});

interface Mark {
  stream: string;
  after: string;
}

const writeMark = (mark: Mark): string => Buffer.from(JSON.stringify(mark)).toString("base64");

const readMark = (token: string): Mark => {
  try {
    return JSON.parse(Buffer.from(token, "base64").toString("utf8")) as Mark;
  } catch {
    throw invalidArgument("The NextToken is invalid.");
  }
};

const listRules = {
  ...streamRules,
  NextToken: { type: "String", length: [1, 1_048_576] },
  ExclusiveStartShardId: { ...rules.ShardId, required: false },
  MaxResults: { type: "Integer", range: [1, 10_000] },
  ShardFilter: { type: "structure" },
} as const;

/** The stream and the place in it at which a list of shards goes on. */
const listFrom = (input: Input): { stream: string; after: string | undefined } => {
  const token = optionalText(input, "NextToken");
  const named = input["StreamName"] !== undefined || input["StreamARN"] !== undefined;
  if (token === undefined) {
    if (!named) throw invalidArgument("Either NextToken or StreamName should be provided.");
    return { stream: streamName(input), after: optionalText(input, "ExclusiveStartShardId") };
  }
  if (named) throw invalidArgument("NextToken and StreamName cannot be provided together.");
  return readMark(token);
};

export const describeOperations = (streams: Streams): Record<string, Operation> => ({
  DescribeStream: {
    access: onStream("DescribeStream"),
    run: (input: Input) => {
      check("DescribeStream", input, {
        ...streamRules,
        Limit: { type: "Integer", range: [1, 10_000] },
        ExclusiveStartShardId: listRules.ExclusiveStartShardId,
      });
      const stream = streams.existing(streamName(input));
      const after = optionalText(input, "ExclusiveStartShardId") ?? "";
      const size = Math.min(optionalNumber(input, "Limit") ?? 100, 100);
      const { items, more } = page(
        stream.shards.filter(({ id }) => id > after),
        size,
      );
      return { StreamDescription: { ...describe(stream), Shards: items.map(describeShard), HasMoreShards: more } };
    },
  },
  DescribeStreamSummary: {
    access: onStream("DescribeStreamSummary"),
    run: (input: Input) => {
      check("DescribeStreamSummary", input, streamRules);
      const stream = streams.existing(streamName(input));
      return {
        StreamDescriptionSummary: {
          ...describe(stream),
          OpenShardCount: openShards(stream).length,
          ConsumerCount: 0,
          MaxRecordSizeInKiB: stream.settings.maxRecordKiB,
        },
      };
    },
  },
  DescribeLimits: {
    access: () => ({ action: "kinesis:DescribeLimits", resource: "*" }),
    run: (input: Input) => {
      check("DescribeLimits", input, {});
      const all = streams.names().map((name) => streams.existing(name));
      return {
        ShardLimit: mostShards,
        OpenShardCount: all.reduce((sum, stream) => sum + openShards(stream).length, 0),
        OnDemandStreamCount: all.filter(({ settings }) => settings.mode === "ON_DEMAND").length,
        OnDemandStreamCountLimit: 50,
      };
    },
  },
  ListStreams: {
    access: () => ({ action: "kinesis:ListStreams", resource: "*" }),
    run: (input: Input) => {
      check("ListStreams", input, {
        Limit: { type: "Integer", range: [1, 10_000] },
        ExclusiveStartStreamName: rules.StreamName,
        NextToken: listRules.NextToken,
      });
      const after = optionalText(input, "NextToken") ?? optionalText(input, "ExclusiveStartStreamName") ?? "";
      const size = optionalNumber(input, "Limit") ?? 100;
      const { items, more } = page(
        streams.names().filter((name) => name > after),
        size,
      );
      return {
        StreamNames: items,
        StreamSummaries: items.map((name) => summarise(streams.existing(name))),
        HasMoreStreams: more,
        ...(more && { NextToken: items.at(-1) }),
      };
    },
  },
  ListShards: {
    access: (input: Input) => onStream("ListShards")({ StreamName: listFrom(input).stream }),
    run: (input: Input) => {
      check("ListShards", input, listRules);
      const { stream: name, after = "" } = listFrom(input);
      const stream = streams.existing(name);
      const { items, more } = page(
        filterShards(stream, shardFilter(input)).filter(({ id }) => id > after),
        optionalNumber(input, "MaxResults") ?? 1_000,
      );
      return {
        Shards: items.map(describeShard),
        ...(more && { NextToken: writeMark({ stream: name, after: items.at(-1)?.id ?? "" }) }),
      };
    },
  },
});
