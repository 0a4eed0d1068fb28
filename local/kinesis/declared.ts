import { understood } from "../cloud/understood";
import type { Declared, Realised } from "../engine/program";
import { arnOf } from "./address";
import { checkKey } from "./operations/encryption";
import { newShardCount } from "./operations/manage";
import { leastRetentionHours, mostRetentionHours, type StreamMode, settingsByDefault } from "./settings";
import type { Streams } from "./streams";

/** Understood, and without a local effect: there is but one set of metrics, and nobody reads by a consumer of his own. */
const withoutEffect = ["shardLevelMetrics", "enforceConsumerDeletion", "tagsAll"];

const known = [
  "name",
  "shardCount",
  "streamModeDetails",
  "retentionPeriod",
  "encryptionType",
  "kmsKeyId",
  "maxRecordSizeInKib",
  "tags",
  ...withoutEffect,
];

interface Inputs {
  name?: string;
  shardCount?: number;
  streamModeDetails?: { streamMode?: string };
  retentionPeriod?: number;
  encryptionType?: string;
  kmsKeyId?: string;
  maxRecordSizeInKib?: number;
  tags?: Record<string, string>;
}

const keyOf = ({ encryptionType = "NONE", kmsKeyId }: Inputs): string | undefined => {
  if (encryptionType === "NONE") return undefined;
  if (encryptionType !== "KMS") throw new Error(`encryptionType ${encryptionType} is not KMS or NONE`);
  return checkKey(kmsKeyId ?? "");
};

const modeOf = ({ streamModeDetails: { streamMode = "PROVISIONED" } = {} }: Inputs): StreamMode => {
  if (streamMode === "ON_DEMAND" || streamMode === "PROVISIONED") return streamMode;
  throw new Error(`streamMode ${streamMode} is not PROVISIONED or ON_DEMAND`);
};

const retentionOf = ({ retentionPeriod = leastRetentionHours }: Inputs): number => {
  if (retentionPeriod >= leastRetentionHours && retentionPeriod <= mostRetentionHours) return retentionPeriod;
  throw new Error(
    `retentionPeriod ${retentionPeriod} is not from ${leastRetentionHours} to ${mostRetentionHours} hours`,
  );
};

export const realiseStream = (declared: Declared, streams: Streams): Realised => {
  understood(declared, known);
  const inputs = declared.inputs as Inputs;
  const name = inputs.name ?? declared.name;
  try {
    const mode = modeOf(inputs);
    const shardCount = newShardCount(mode, inputs.shardCount ?? undefined);
    const settings = {
      mode,
      retentionHours: retentionOf(inputs),
      keyId: keyOf(inputs),
      maxRecordKiB: inputs.maxRecordSizeInKib ?? settingsByDefault.maxRecordKiB,
      tags: inputs.tags ?? {},
    };
    streams.declare(name, settings, shardCount);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`${declared.type} ${declared.name}: ${reason}`, { cause: error });
  }
  const arn = arnOf(name);
  return { id: arn, outputs: { ...declared.inputs, name, arn } };
};
