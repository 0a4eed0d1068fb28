import type { Cloud } from "../cloud/cloud";

const billedChunk = 64 * 1024;

/** A request is billed by what it carries. */
export const bill = (cloud: Cloud, bytes: number): void =>
  cloud.meter.add("sqs request", Math.max(1, Math.ceil(bytes / billedChunk)));
