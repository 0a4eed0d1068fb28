export type StreamMode = "ON_DEMAND" | "PROVISIONED";

/** All of a stream that can be set. */
export interface StreamSettings {
  mode: StreamMode;
  retentionHours: number;
  /** Of the key, if it is encrypted. */
  keyId?: string | undefined;
  maxRecordKiB: number;
  tags: Record<string, string>;
}

export const leastRetentionHours = 24;
export const mostRetentionHours = 8_760;
export const leastRecordKiB = 1_024;
export const mostRecordKiB = 10_240;
export const mostShards = 10_000;
/** Of a new stream that takes its shards by demand. */
export const shardsOnDemand = 4;

export const settingsByDefault: StreamSettings = {
  mode: "PROVISIONED",
  retentionHours: leastRetentionHours,
  maxRecordKiB: leastRecordKiB,
  tags: {},
};

/** The only key that needs no policy of its own, which AWS keeps for Kinesis. */
export const awsManagedKey = "alias/aws/kinesis";
