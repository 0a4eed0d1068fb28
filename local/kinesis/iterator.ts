import { AwsError } from "../cloud/awsError";
import { invalidArgument } from "./errors";
import type { Position } from "./shard";

/** What a shard iterator stands for. */
export interface Iterator {
  stream: string;
  shard: number;
  position: Position;
  madeAt: number;
}

const lifetimeMs = 300_000;
const version = "1";

export const writeIterator = ({ stream, shard, position, madeAt }: Iterator): string => {
  const parts = [version, stream, shard, position.sequence, position.inclusive ? "at" : "after", madeAt];
  return Buffer.from(parts.join("/")).toString("base64");
};

const shape = /^1\/([\w.-]{1,128})\/(\d{1,12})\/(\d{1,129})\/(at|after)\/(\d{1,16})$/;

export const readIterator = (text: string): Iterator => {
  const parts = shape.exec(Buffer.from(text, "base64").toString("utf8"));
  if (!parts || Buffer.from(parts[0]).toString("base64") !== text) throw invalidArgument("Invalid ShardIterator.");
  const [, stream = "", shard, sequence = "", side, madeAt] = parts;
  return {
    stream,
    shard: Number(shard),
    position: { sequence, inclusive: side === "at" },
    madeAt: Number(madeAt),
  };
};

/** As AWS writes times in this one refusal: Thu Jan 22 01:22:02 UTC 2015. */
const asWritten = (moment: number): string => {
  const [, day, date, month, year, time] = /^(.+), (.+) (.+) (.+) (.+) GMT$/.exec(new Date(moment).toUTCString()) ?? [];
  return `${day} ${month} ${date} ${time} UTC ${year}`;
};

export const checkFresh = ({ madeAt }: Iterator, now: number): void => {
  if (now - madeAt <= lifetimeMs) return;
  throw new AwsError(
    "ExpiredIteratorException",
    `Iterator expired. The iterator was created at time ${asWritten(madeAt)} while right now it is ${asWritten(now)} which is further in the future than the tolerated delay of ${lifetimeMs} milliseconds.`,
  );
};
