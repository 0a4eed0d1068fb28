import type { KinesisStreamRecord } from "aws-lambda";
import type { Arrived } from "./arrived";

const secondMs = 1_000;

export const fromKinesis = ({ kinesis, eventID }: KinesisStreamRecord): Arrived => ({
  id: kinesis.sequenceNumber,
  data: Buffer.from(kinesis.data, "base64"),
  arrivedAt: Math.round(kinesis.approximateArrivalTimestamp * secondMs),
  shardId: eventID.split(":")[0] ?? "",
  sequenceNumber: kinesis.sequenceNumber,
  partitionKey: kinesis.partitionKey,
});
