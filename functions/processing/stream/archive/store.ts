import { gzipSync } from "node:zlib";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "../../aws/s3";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { version } from "../event";
import type { Chunk } from "./chunk";

const moment = (timestamps: readonly number[], pick: (...values: number[]) => number): string =>
  new Date(timestamps.reduce((a, b) => pick(a, b))).toISOString();

/** What somebody sees of an object without opening it. */
const about = ({ events }: Chunk): Record<string, string> => {
  const timestamps = events.map(({ event }) => event.timestamp);
  const experiments = new Set(events.map(({ event }) => event.experimentId));
  return {
    "format-version": version,
    events: String(events.length),
    experiments: String(experiments.size),
    "first-event": moment(timestamps, Math.min),
    "last-event": moment(timestamps, Math.max),
  };
};

export const storeChunk = async (chunk: Chunk, run: Run): Promise<void> => {
  // Within a millisecond for a usual batch: to hand it to another thread and back takes longer.
  const body = gzipSync(chunk.lines);
  await run.call("PutObject", "aws", () =>
    s3().send(
      new PutObjectCommand({
        Bucket: env("EVENT_ARCHIVE_BUCKET"),
        Key: chunk.key,
        Body: body,
        ContentType: "application/x-ndjson",
        ContentEncoding: "gzip",
        Metadata: about(chunk),
      }),
    ),
  );
};
