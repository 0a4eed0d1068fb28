import type { Declared } from "../../engine/program";
import { knownParts, refusal, wholeNumber } from "../properties";
import { compileFilters, type Filter } from "./filter";
import { contentOf, type SqsRecord } from "./record";
import type { CommonSettings } from "./settings";

/** A mapping of a queue, as it was declared. */
export interface QueueSettings extends CommonSettings {
  kind: "queue";
  /** Undefined where none was declared. */
  concurrency: number | undefined;
  filter: Filter<SqsRecord> | undefined;
}

export const queueProperties = ["scalingConfig"];

const queueArn = /^arn:aws:sqs:[^:]+:\d{12}:[^:]+$/;

export const checkBatch = (batchSize: number, windowSeconds: number, sourceArn: string): string | undefined => {
  if (sourceArn.endsWith(".fifo")) {
    if (windowSeconds > 0) return "Batching window is not supported for FIFO queues";
    if (batchSize > 10) return "A batch of a FIFO queue has 10 messages at most.";
  }
  if (batchSize > 10 && windowSeconds < 1) {
    return "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10";
  }
  return undefined;
};

const filterOf = (declared: Declared, patterns: readonly string[]): Filter<SqsRecord> | undefined => {
  try {
    return compileFilters(patterns, contentOf);
  } catch (error) {
    throw refusal(declared, error instanceof Error ? error.message : String(error));
  }
};

export const readQueueSettings = (declared: Declared, common: CommonSettings): QueueSettings => {
  const { sourceArn, batchSize, windowSeconds, filterPatterns } = common;
  if (!queueArn.test(sourceArn)) {
    throw refusal(
      declared,
      `event source ${sourceArn} is not supported by the embedded cloud, only SQS queues and Kinesis streams are`,
    );
  }
  const trouble = checkBatch(batchSize, windowSeconds, sourceArn);
  if (trouble) throw refusal(declared, trouble);
  const concurrency = knownParts(declared, "scalingConfig", ["maximumConcurrency"])?.["maximumConcurrency"];
  return {
    ...common,
    kind: "queue",
    concurrency:
      concurrency === undefined
        ? undefined
        : wholeNumber(declared, "scalingConfig.maximumConcurrency", concurrency, [2, 1_000]),
    filter: filterOf(declared, filterPatterns),
  };
};
