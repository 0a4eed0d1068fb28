import { region } from "../../../cloud/cloud";
import type { StreamRecord } from "../../streamSource";

/** A record as a function receives it. */
export interface KinesisRecord {
  kinesis: {
    kinesisSchemaVersion: "1.0";
    partitionKey: string;
    sequenceNumber: string;
    data: string;
    /** In seconds. */
    approximateArrivalTimestamp: number;
  };
  eventSource: "aws:kinesis";
  eventVersion: "1.0";
  eventID: string;
  eventName: "aws:kinesis:record";
  invokeIdentityArn: string;
  awsRegion: string;
  eventSourceARN: string;
}

export const toRecord = (
  { sequenceNumber, at, partitionKey, data }: StreamRecord,
  { shardId, roleArn, sourceArn }: { shardId: string; roleArn: string; sourceArn: string },
): KinesisRecord => ({
  kinesis: {
    kinesisSchemaVersion: "1.0",
    partitionKey,
    sequenceNumber,
    data,
    approximateArrivalTimestamp: at / 1_000,
  },
  eventSource: "aws:kinesis",
  eventVersion: "1.0",
  eventID: `${shardId}:${sequenceNumber}`,
  eventName: "aws:kinesis:record",
  invokeIdentityArn: roleArn,
  awsRegion: region,
  eventSourceARN: sourceArn,
});

export const sequenceOf = ({ kinesis }: KinesisRecord): string => kinesis.sequenceNumber;

/** In milliseconds. */
export const arrivalOf = ({ kinesis }: KinesisRecord): number =>
  Math.round(kinesis.approximateArrivalTimestamp * 1_000);
