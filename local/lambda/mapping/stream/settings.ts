import type { Declared } from "../../../engine/program";
import { knownParts, refusal, unsupportedProperty, wholeNumber } from "../../properties";
import type { StartingPosition } from "../../streamSource";
import { compileFilters, type Filter } from "../filter";
import type { CommonSettings } from "../settings";
import type { KinesisRecord } from "./record";

/** A mapping of a stream, as it was declared. */
export interface StreamSettings extends CommonSettings {
  kind: "stream";
  start: { position: StartingPosition; timestamp?: number | undefined };
  /** How many batches of a shard are under way at the same time. */
  lanes: number;
  bisects: boolean;
  /** Infinite unless declared. */
  retries: number;
  maxAgeMs: number;
  /** Where what is given up goes: a queue, a topic or a bucket. */
  onFailure: string | undefined;
  filter: Filter<KinesisRecord> | undefined;
}

export const streamProperties = [
  "bisectBatchOnFunctionError",
  "destinationConfig",
  "maximumRecordAgeInSeconds",
  "maximumRetryAttempts",
  "parallelizationFactor",
  "startingPosition",
  "startingPositionTimestamp",
];

const streamArn = /^arn:aws:kinesis:[^:]+:\d{12}:stream\/[\w.-]+$/;

export const isStream = (arn: unknown): arn is string => typeof arn === "string" && streamArn.test(arn);

const positions: readonly StartingPosition[] = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];

const startOf = (declared: Declared): StreamSettings["start"] => {
  const { startingPosition, startingPositionTimestamp: at } = declared.inputs;
  const position = positions.find((one) => one === startingPosition);
  if (!position) throw refusal(declared, `startingPosition must be one of ${positions.join(", ")}`);
  if (position !== "AT_TIMESTAMP") {
    if (at !== undefined && at !== null) throw refusal(declared, "startingPositionTimestamp is for AT_TIMESTAMP alone");
    return { position };
  }
  const timestamp = Date.parse(String(at));
  if (Number.isNaN(timestamp)) throw refusal(declared, "startingPositionTimestamp must be a time");
  return { position, timestamp };
};

/** As AWS has it, -1 is no limit. */
const limit = (declared: Declared, property: string, bounds: readonly [number, number]): number => {
  const value = declared.inputs[property] ?? -1;
  return value === -1 ? Number.POSITIVE_INFINITY : wholeNumber(declared, property, value, bounds);
};

const destinations = /^arn:aws:(sqs:[^:]+:\d{12}:[\w-]+|sns:[^:]+:\d{12}:[\w-]+|s3:::[\w.-]+)$/;

const failureDestination = (declared: Declared): string | undefined => {
  const onFailure = knownParts(declared, "destinationConfig", ["onFailure"])?.["onFailure"];
  if (onFailure === undefined) return undefined;
  const { destinationArn, ...more } = onFailure as Record<string, unknown>;
  const [extra] = Object.keys(more);
  if (extra) throw unsupportedProperty(declared, `destinationConfig.onFailure.${extra}`);
  if (typeof destinationArn === "string" && destinations.test(destinationArn)) return destinationArn;
  throw refusal(declared, `destination ${destinationArn} is not supported by the embedded cloud`);
};

export const readStreamSettings = (declared: Declared, common: CommonSettings): StreamSettings => {
  const { inputs } = declared;
  return {
    ...common,
    kind: "stream",
    start: startOf(declared),
    lanes: wholeNumber(declared, "parallelizationFactor", inputs["parallelizationFactor"] ?? 1, [1, 10]),
    bisects: inputs["bisectBatchOnFunctionError"] === true,
    retries: limit(declared, "maximumRetryAttempts", [0, 10_000]),
    maxAgeMs: 1_000 * limit(declared, "maximumRecordAgeInSeconds", [60, 604_800]),
    onFailure: failureDestination(declared),
    filter: compileFilters<KinesisRecord>(common.filterPatterns, dataOf),
  };
};

/** What a pattern for `data` is held against: the record's own fields stand beside it. */
const dataOf = ({ kinesis, ...about }: KinesisRecord) => ({
  key: "data",
  text: Buffer.from(kinesis.data, "base64").toString("utf8"),
  beside: { ...about, ...kinesis },
});
