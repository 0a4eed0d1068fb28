import type { Declared } from "../../engine/program";
import { knownParts, knownProperties, refusal, unsupportedProperty, wholeNumber } from "../properties";
import { compileFilters, type Filter } from "./filter";

/** A mapping as it was declared. */
export interface MappingSettings {
  uuid: string;
  sourceArn: string;
  /** As it was named: a name or an ARN. */
  functionName: string;
  batchSize: number;
  windowSeconds: number;
  reportsFailures: boolean;
  /** Undefined where none was declared. */
  concurrency: number | undefined;
  filterPatterns: string[];
  filter: Filter | undefined;
  enabled: boolean;
}

const known = [
  "batchSize",
  "enabled",
  "eventSourceArn",
  "filterCriteria",
  "functionName",
  "functionResponseTypes",
  "maximumBatchingWindowInSeconds",
  "scalingConfig",
  "kmsKeyArn",
  "tags",
  "tagsAll",
];
const queueArn = /^arn:aws:sqs:[^:]+:\d{12}:[^:]+$/;

const patternsOf = (declared: Declared): string[] => {
  const filters = knownParts(declared, "filterCriteria", ["filters"])?.["filters"] ?? [];
  return (filters as { pattern?: unknown }[]).map((filter) => {
    const extra = Object.keys(filter).find((key) => key !== "pattern");
    if (extra) throw unsupportedProperty(declared, `filterCriteria.filters.${extra}`);
    if (typeof filter.pattern !== "string") throw refusal(declared, "filterCriteria.filters need a pattern each");
    return filter.pattern;
  });
};

const filterOf = (declared: Declared, patterns: string[]): Filter | undefined => {
  try {
    return compileFilters(patterns);
  } catch (error) {
    throw refusal(declared, error instanceof Error ? error.message : String(error));
  }
};

const reportsFailures = (declared: Declared, types: unknown): boolean => {
  const asked = (types ?? []) as unknown[];
  const other = asked.find((type) => type !== "ReportBatchItemFailures");
  if (other !== undefined) throw refusal(declared, `functionResponseTypes ${other} is not supported`);
  return asked.length > 0;
};

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

export const readMapping = (declared: Declared, uuid: string): MappingSettings => {
  const inputs = knownProperties(declared, known);
  const { eventSourceArn: sourceArn, functionName, maximumBatchingWindowInSeconds: window = 0 } = inputs;
  if (typeof sourceArn !== "string" || !queueArn.test(sourceArn)) {
    throw refusal(declared, `event source ${sourceArn} is not supported by the embedded cloud, only SQS queues are`);
  }
  if (typeof functionName !== "string") throw refusal(declared, "property functionName must be set");
  const batchSize = wholeNumber(declared, "batchSize", inputs["batchSize"] ?? 10, [1, 10_000]);
  const windowSeconds = wholeNumber(declared, "maximumBatchingWindowInSeconds", window, [0, 300]);
  const trouble = checkBatch(batchSize, windowSeconds, sourceArn);
  if (trouble) throw refusal(declared, trouble);
  const concurrency = knownParts(declared, "scalingConfig", ["maximumConcurrency"])?.["maximumConcurrency"];
  const filterPatterns = patternsOf(declared);
  return {
    uuid,
    sourceArn,
    functionName,
    batchSize,
    windowSeconds,
    reportsFailures: reportsFailures(declared, inputs["functionResponseTypes"]),
    concurrency:
      concurrency === undefined
        ? undefined
        : wholeNumber(declared, "scalingConfig.maximumConcurrency", concurrency, [2, 1_000]),
    filterPatterns,
    filter: filterOf(declared, filterPatterns),
    enabled: inputs["enabled"] !== false,
  };
};
