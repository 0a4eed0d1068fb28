import { AwsError } from "../../cloud/awsError";
import type { Cloud } from "../../cloud/cloud";
import { violations } from "../../cloud/constraint";
import { faultError } from "../../cloud/faults";
import type { Call, Operation } from "../../cloud/service";
import { invalidArgument } from "../errors";
import { readHashKey } from "../hashKey";
import type { StoredStream } from "../store";
import type { Entry, Placed, Streams } from "../streams";
import { check, checkEach, type Input, optionalText, type Rules, rules, streamRules, text } from "./input";
import { onStream, streamName } from "./stream";

const entryRules: Rules = {
  Data: { type: "String", required: true },
  PartitionKey: { type: "String", required: true, length: [1, 256] },
  ExplicitHashKey: rules.hashKey,
};

const mostRecords = 500;
const mostBytes = 10 * 2 ** 20;

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Checks a record's size: what counts is its data and its partition key. */
const entryOf = (input: Input, { settings }: StoredStream, within = ""): Entry => {
  const data = text(input, "Data");
  if (!base64.test(data)) throw new AwsError("SerializationException", "The record's data is not valid base64.");
  const partitionKey = text(input, "PartitionKey");
  const bytes = Buffer.byteLength(data, "base64") + Buffer.byteLength(partitionKey);
  const most = settings.maxRecordKiB * 1_024;
  if (bytes > most) {
    const found = { at: `${within}data`, value: {}, must: `have length less than or equal to ${most}` };
    throw new AwsError("ValidationException", violations([found]));
  }
  const explicit = optionalText(input, "ExplicitHashKey");
  const explicitHashKey = explicit === undefined ? undefined : readHashKey(explicit, "ExplicitHashKey");
  return { partitionKey, data, bytes, explicitHashKey };
};

const encryptionOf = ({ settings }: StoredStream) => ({
  EncryptionType: settings.keyId === undefined ? "NONE" : "KMS",
});

const placed = ({ shard, sequenceNumber }: Placed) => ({ ShardId: shard.id, SequenceNumber: sequenceNumber });

export const putOperations = (cloud: Cloud, streams: Streams): Record<string, Operation> => ({
  PutRecord: {
    access: onStream("PutRecord"),
    run: (input: Input) => {
      check("PutRecord", input, { ...streamRules, ...entryRules, SequenceNumberForOrdering: rules.sequence });
      const stream = streams.existing(streamName(input));
      const [outcome] = streams.put(stream.name, [entryOf(input, stream)]);
      if (!outcome || outcome instanceof AwsError) throw outcome;
      return { ...placed(outcome), ...encryptionOf(stream) };
    },
  },
  PutRecords: {
    access: onStream("PutRecords"),
    run: (input: Input, { caller }: Call) => {
      check("PutRecords", input, {
        ...streamRules,
        Records: { type: "list", required: true, length: [1, mostRecords] },
      });
      const records = input["Records"] as Input[];
      checkEach("PutRecords", "Records", records, entryRules);
      const stream = streams.existing(streamName(input));
      const entries = records.map((record, at) => entryOf(record, stream, `records.${at + 1}.member.`));
      if (entries.reduce((sum, { bytes }) => sum + bytes, 0) > mostBytes) {
        throw invalidArgument("Records size exceeds 10 MB limit");
      }
      const aim = { service: "kinesis", operation: "PutRecords", caller: caller.name };
      const struck = entries.map(() => cloud.faults.strike(aim, "partialFailure"));
      const sound = streams.put(
        stream.name,
        entries.filter((_, at) => !struck[at]),
      );
      const outcomes = struck.map((fault) => (fault ? faultError(fault, "kinesis") : sound.shift()));
      return {
        FailedRecordCount: outcomes.filter((outcome) => outcome instanceof AwsError).length,
        Records: outcomes.map((outcome) =>
          outcome instanceof AwsError
            ? { ErrorCode: outcome.code, ErrorMessage: outcome.message }
            : outcome && placed(outcome),
        ),
        ...encryptionOf(stream),
      };
    },
  },
});
