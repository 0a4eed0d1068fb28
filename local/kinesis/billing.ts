import type { Cloud } from "../cloud/cloud";
import type { StoredStream } from "./store";

const payloadUnit = 25 * 1_024;
const kibibyte = 1_024;
const gibibyte = 2 ** 30;

/** By demand a stream is billed by bytes, each record as whole kilobytes; otherwise by units that a record fills. */
export const billWrite = (cloud: Cloud, { settings }: StoredStream, sizes: readonly number[]): void => {
  const whole = (unit: number) => sizes.reduce((sum, bytes) => sum + Math.max(1, Math.ceil(bytes / unit)), 0);
  if (settings.mode === "PROVISIONED") cloud.meter.add("kinesis payload unit", whole(payloadUnit));
  else cloud.meter.add("kinesis GB in", (whole(kibibyte) * kibibyte) / gibibyte);
};

export const billRead = (cloud: Cloud, { settings }: StoredStream, bytes: number): void => {
  if (settings.mode === "ON_DEMAND" && bytes > 0) cloud.meter.add("kinesis GB out", bytes / gibibyte);
};
