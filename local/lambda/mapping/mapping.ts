import { account, type Cloud, region } from "../../cloud/cloud";
import type { LambdaFunction } from "../function";
import type { MappingSettings } from "./settings";

export interface MappingStats {
  inFlight: number;
  batches: number;
  messages: number;
  filtered: number;
}

/** A mapping at work: what a source holds becomes invocations of a function. */
export interface Mapping {
  readonly settings: MappingSettings;
  readonly target: LambdaFunction;
  readonly arn: string;
  /** How its last batch went, in Lambda's words. */
  lastResult: () => string;
  modifiedAt: () => number;
  stats: () => MappingStats;
  update: (changes: { enabled?: boolean | undefined; batchSize?: number | undefined }) => void;
  /** Lets go what it still holds of its source. */
  reset: () => Promise<void>;
  close: () => Promise<void>;
}

export interface Description extends Pick<Mapping, "arn" | "lastResult" | "modifiedAt"> {
  /** How the last batch went. */
  report: (result: string) => void;
  /** It was changed just now. */
  touch: () => void;
}

export const describeMapping = (cloud: Cloud, uuid: string): Description => {
  let lastResult = "No records processed";
  let modifiedAt = cloud.clock.now();
  return {
    arn: `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`,
    lastResult: () => lastResult,
    modifiedAt: () => modifiedAt,
    report: (result) => {
      lastResult = result;
    },
    touch: () => {
      modifiedAt = cloud.clock.now();
    },
  };
};
