import type { Completed } from "../../contract";
import { arrivalOf, type KinesisRecord, sequenceOf } from "./record";

export type Reason = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** Records that are given up. */
export interface Lost {
  reason: Reason;
  records: readonly [KinesisRecord, ...KinesisRecord[]];
  shardId: string;
  sourceArn: string;
  functionArn: string;
  requestId: string;
  runs: number;
  /** Of the last run, if there was one. */
  last: Completed | undefined;
}

const asTime = (moment: number): string => new Date(moment).toISOString();

/** What Lambda tells of records that it gives up. The records themselves are not among it. */
export const failureRecord = (now: number, lost: Lost): Record<string, unknown> => {
  const { records, last } = lost;
  const [first] = records;
  const final = records.at(-1) ?? first;
  return {
    requestContext: {
      requestId: lost.requestId,
      functionArn: lost.functionArn,
      condition: lost.reason,
      approximateInvokeCount: lost.runs,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      ...(last?.kind === "error" && { functionError: last.functionError }),
    },
    version: "1.0",
    timestamp: asTime(now),
    KinesisBatchInfo: {
      shardId: lost.shardId,
      startSequenceNumber: sequenceOf(first),
      endSequenceNumber: sequenceOf(final),
      approximateArrivalOfFirstRecord: asTime(arrivalOf(first)),
      approximateArrivalOfLastRecord: asTime(arrivalOf(final)),
      batchSize: records.length,
      streamArn: lost.sourceArn,
    },
  };
};

/** A bucket gets the whole event beside it, as text. */
export const failureObject = (now: number, lost: Lost): string =>
  JSON.stringify({ ...failureRecord(now, lost), payload: JSON.stringify({ Records: lost.records }) });

export const failureKey = (now: number, mapping: string, shardId: string, id: string): string => {
  const [day = "", time = ""] = asTime(now).slice(0, 19).split("T");
  return `aws/lambda/${mapping}/${shardId}/${day.replaceAll("-", "/")}/${day}T${time.replaceAll(":", ".")}-${id}`;
};
