import type { Declared } from "../../engine/program";
import { knownParts, knownProperties, refusal, unsupportedProperty, wholeNumber } from "../properties";
import { type QueueSettings, queueProperties, readQueueSettings } from "./queueSettings";
import { isStream, readStreamSettings, type StreamSettings, streamProperties } from "./stream/settings";

/** What all mappings declare. */
export interface CommonSettings {
  uuid: string;
  sourceArn: string;
  /** As it was named: a name or an ARN. */
  functionName: string;
  batchSize: number;
  windowSeconds: number;
  reportsFailures: boolean;
  filterPatterns: string[];
  enabled: boolean;
}

export type MappingSettings = QueueSettings | StreamSettings;

const known = [
  "batchSize",
  "enabled",
  "eventSourceArn",
  "filterCriteria",
  "functionName",
  "functionResponseTypes",
  "maximumBatchingWindowInSeconds",
  "kmsKeyArn",
  "tags",
  "tagsAll",
];
const batchOfQueue = 10;
const batchOfStream = 100;

const patternsOf = (declared: Declared): string[] => {
  const filters = knownParts(declared, "filterCriteria", ["filters"])?.["filters"] ?? [];
  return (filters as { pattern?: unknown }[]).map((filter) => {
    const extra = Object.keys(filter).find((key) => key !== "pattern");
    if (extra) throw unsupportedProperty(declared, `filterCriteria.filters.${extra}`);
    if (typeof filter.pattern !== "string") throw refusal(declared, "filterCriteria.filters need a pattern each");
    return filter.pattern;
  });
};

const reportsFailures = (declared: Declared, types: unknown): boolean => {
  const asked = (types ?? []) as unknown[];
  const other = asked.find((type) => type !== "ReportBatchItemFailures");
  if (other !== undefined) throw refusal(declared, `functionResponseTypes ${other} is not supported`);
  return asked.length > 0;
};

export const readMapping = (declared: Declared, uuid: string): MappingSettings => {
  const ofStream = isStream(declared.inputs["eventSourceArn"]);
  const inputs = knownProperties(declared, [...known, ...(ofStream ? streamProperties : queueProperties)]);
  const { eventSourceArn: sourceArn, functionName, maximumBatchingWindowInSeconds: window = 0 } = inputs;
  if (typeof functionName !== "string") throw refusal(declared, "property functionName must be set");
  const size = inputs["batchSize"] ?? (ofStream ? batchOfStream : batchOfQueue);
  const common = {
    uuid,
    sourceArn: String(sourceArn),
    functionName,
    batchSize: wholeNumber(declared, "batchSize", size, [1, 10_000]),
    windowSeconds: wholeNumber(declared, "maximumBatchingWindowInSeconds", window, [0, 300]),
    reportsFailures: reportsFailures(declared, inputs["functionResponseTypes"]),
    filterPatterns: patternsOf(declared),
    enabled: inputs["enabled"] !== false,
  };
  return ofStream ? readStreamSettings(declared, common) : readQueueSettings(declared, common);
};
