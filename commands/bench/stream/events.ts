import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";

export interface Mix {
  experiments: number;
  users: number;
  /** The share of events that come twice. */
  repeated: number;
  /** Events a second, as their timestamps have it. */
  perSecond: number;
}

export const usualMix: Mix = { experiments: 3, users: 20_000, repeated: 0.01, perSecond: 250 };

/** A number from 0 to 1 that is the same for the same event in every run. */
const chance = (at: number, salt: number): number => {
  let mixed = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
};

const kindOf = (at: number) => {
  const share = chance(at, 1);
  if (share < 0.5) return { eventType: "exposure" };
  if (share < 0.6) return { eventType: "conversion", goal: "paid", value: Math.round(chance(at, 2) * 10_000) / 100 };
  return { eventType: "metric", metric: "latency", value: Math.round(chance(at, 3) * 100_000) / 100 };
};

const eventOf = (at: number, startedAt: number, { experiments, users, repeated, perSecond }: Mix) => {
  const which = chance(at, 4) < repeated ? Math.max(0, at - 50) : at;
  const user = Math.floor(chance(which, 5) * users);
  return {
    eventId: `018f6a2e-7c1b-7d3e-9a4f-${String(which).padStart(12, "0")}`,
    eventVersion: "1.0",
    timestamp: startedAt + Math.floor((which * 1_000) / perSecond),
    experimentId: `experiment-${Math.floor(chance(which, 6) * experiments)}`,
    userId: `user-${user}`,
    variant: user % 2 === 0 ? "A" : "B",
    properties: { page: "/checkout", device: { os: "android", width: 412 } },
    ...kindOf(which),
  };
};

const numberDigits = 56;

const recordOf = (at: number, startedAt: number, mix: Mix): KinesisStreamRecord => {
  const event = eventOf(at, startedAt, mix);
  const sequenceNumber = String(at + 1).padStart(numberDigits, "4");
  return {
    awsRegion: "us-east-1",
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    eventSource: "aws:kinesis",
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/bench",
    eventVersion: "1.0",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/bench",
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: event.userId,
      sequenceNumber,
      data: Buffer.from(JSON.stringify(event)).toString("base64"),
      approximateArrivalTimestamp: event.timestamp / 1_000,
    },
  };
};

/** So many records from the one with this number on, as the stream hands them to a function. */
export const batchFrom = (first: number, size: number, startedAt: number, mix: Mix): KinesisStreamEvent => ({
  Records: Array.from({ length: size }, (_, more) => recordOf(first + more, startedAt, mix)),
});
