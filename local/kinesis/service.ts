import type { Cloud } from "../cloud/cloud";
import { Journal } from "../cloud/journal";
import type { Service } from "../cloud/service";
import { realiseStream } from "./declared";
import { describeOperations } from "./operations/describe";
import { manageOperations } from "./operations/manage";
import { putOperations } from "./operations/put";
import { readOperations } from "./operations/read";
import { reshardOperations } from "./operations/reshard";
import { tagOperations } from "./operations/tags";
import { kinesisProtocol } from "./protocol";
import { type OnMetric, streamMetrics } from "./streamMetrics";
import { Streams } from "./streams";

export type Kinesis = Service & { streams: Streams };

export interface KinesisOptions {
  /** Where streams and records are kept. @default nowhere */
  journal?: string;
  onMetric?: OnMetric;
}

/** Kinesis: streams of shards, with their limits and retention by the cloud's clock. */
export const createKinesis = (cloud: Cloud, { journal, onMetric = () => undefined }: KinesisOptions = {}): Kinesis => {
  const now = () => cloud.clock.now();
  const metrics = streamMetrics(now, onMetric);
  const streams = new Streams(cloud, metrics, journal === undefined ? undefined : new Journal(journal));
  return {
    signingName: "kinesis",
    protocol: kinesisProtocol,
    operations: {
      ...describeOperations(streams),
      ...manageOperations(streams),
      ...putOperations(cloud, streams),
      ...readOperations(streams, now),
      ...reshardOperations(streams, now),
      ...tagOperations(streams),
    },
    resources: {
      "aws:kinesis/stream:Stream": (declared) => realiseStream(declared, streams),
    },
    streams,
    reset: () => streams.empty(),
    close: () => streams.close(),
  };
};
