import type { Operation } from "../../cloud/service";
import { arnOf } from "../address";
import { invalidArgument } from "../errors";
import {
  leastRecordKiB,
  leastRetentionHours,
  mostRecordKiB,
  mostRetentionHours,
  mostShards,
  type StreamMode,
  settingsByDefault,
  shardsOnDemand,
} from "../settings";
import type { Streams } from "../streams";
import { checkKey } from "./encryption";
import { check, type Input, optionalNumber, type Rules, rules, streamRules, text } from "./input";
import { onStream, streamName } from "./stream";
import { checkTags } from "./tags";

const modeRules: Rules = { StreamMode: { type: "String", required: true, enum: ["PROVISIONED", "ON_DEMAND"] } };

const modeOf = (operation: string, input: Input): StreamMode => {
  const details = (input["StreamModeDetails"] ?? { StreamMode: "PROVISIONED" }) as Input;
  check(operation, details, modeRules);
  return details["StreamMode"] === "ON_DEMAND" ? "ON_DEMAND" : "PROVISIONED";
};

const retention: Rules = { ...streamRules, RetentionPeriodHours: { type: "Integer", required: true } };
const encryption: Rules = {
  ...streamRules,
  EncryptionType: { type: "String", required: true, enum: ["NONE", "KMS"] },
  KeyId: { type: "String", required: true, length: [1, 2_048] },
};

const checkRetention = (hours: number): void => {
  if (hours < leastRetentionHours) {
    throw invalidArgument(
      `Minimum allowed retention period is ${leastRetentionHours} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > mostRetentionHours) {
    throw invalidArgument(
      `Maximum allowed retention period is ${mostRetentionHours} hours. Requested retention period (${hours} hours) is too long.`,
    );
  }
};

/** How many shards a new stream gets. */
export const newShardCount = (mode: StreamMode, asked: number | undefined): number => {
  if (mode === "PROVISIONED") {
    if (asked === undefined) throw invalidArgument("ShardCount must be provided for a stream in PROVISIONED mode.");
    return asked;
  }
  if (asked !== undefined) throw invalidArgument("ShardCount cannot be provided for a stream in ON_DEMAND mode.");
  return shardsOnDemand;
};

export const manageOperations = (streams: Streams): Record<string, Operation> => {
  const changeRetention = (operation: string, refused: (asked: number, current: number) => string | undefined) => ({
    access: onStream(operation),
    run: (input: Input) => {
      check(operation, input, retention);
      const name = streamName(input);
      const asked = Number(input["RetentionPeriodHours"]);
      const { retentionHours: current } = streams.existing(name).settings;
      checkRetention(asked);
      const reason = refused(asked, current);
      if (reason !== undefined) {
        throw invalidArgument(
          `Requested retention period (${asked} hours) for stream ${name} can not be ${reason} existing retention period (${current} hours).`,
        );
      }
      streams.configure(name, { retentionHours: asked });
    },
  });

  return {
    CreateStream: {
      access: onStream("CreateStream"),
      run: (input: Input) => {
        check("CreateStream", input, {
          StreamName: { ...rules.StreamName, required: true },
          ShardCount: { type: "Integer", range: [1, mostShards] },
          StreamModeDetails: { type: "structure" },
          Tags: { type: "map" },
          MaxRecordSizeInKiB: { type: "Integer", range: [leastRecordKiB, mostRecordKiB] },
        });
        const mode = modeOf("CreateStream", input);
        const tags = (input["Tags"] ?? {}) as Record<string, string>;
        checkTags(text(input, "StreamName"), tags, {});
        const maxRecordKiB = optionalNumber(input, "MaxRecordSizeInKiB") ?? settingsByDefault.maxRecordKiB;
        streams.create(
          text(input, "StreamName"),
          { ...settingsByDefault, mode, maxRecordKiB, tags },
          newShardCount(mode, optionalNumber(input, "ShardCount")),
        );
      },
    },
    DeleteStream: {
      access: onStream("DeleteStream"),
      run: (input: Input) => {
        check("DeleteStream", input, { ...streamRules, EnforceConsumerDeletion: { type: "Boolean" } });
        streams.drop(streamName(input));
      },
    },
    UpdateStreamMode: {
      access: onStream("UpdateStreamMode"),
      run: (input: Input) => {
        check("UpdateStreamMode", input, {
          StreamARN: { ...rules.StreamARN, required: true },
          StreamModeDetails: { type: "structure", required: true },
        });
        streams.configure(streamName(input), { mode: modeOf("UpdateStreamMode", input) });
      },
    },
    UpdateMaxRecordSize: {
      access: onStream("UpdateMaxRecordSize"),
      run: (input: Input) => {
        check("UpdateMaxRecordSize", input, {
          StreamARN: rules.StreamARN,
          MaxRecordSizeInKiB: { type: "Integer", required: true, range: [leastRecordKiB, mostRecordKiB] },
        });
        streams.configure(streamName(input), { maxRecordKiB: Number(input["MaxRecordSizeInKiB"]) });
      },
    },
    IncreaseStreamRetentionPeriod: changeRetention("IncreaseStreamRetentionPeriod", (asked, current) =>
      asked < current ? "shorter than" : undefined,
    ),
    DecreaseStreamRetentionPeriod: changeRetention("DecreaseStreamRetentionPeriod", (asked, current) =>
      asked > current ? "longer than" : undefined,
    ),
    StartStreamEncryption: {
      access: onStream("StartStreamEncryption"),
      run: (input: Input) => {
        check("StartStreamEncryption", input, encryption);
        if (input["EncryptionType"] !== "KMS") throw invalidArgument("Encryption can be started with type KMS only.");
        streams.configure(streamName(input), { keyId: checkKey(text(input, "KeyId")) });
      },
    },
    StopStreamEncryption: {
      access: onStream("StopStreamEncryption"),
      run: (input: Input) => {
        check("StopStreamEncryption", input, encryption);
        const name = streamName(input);
        const { keyId } = streams.existing(name).settings;
        if (keyId !== checkKey(text(input, "KeyId"))) {
          throw invalidArgument(`Stream ${arnOf(name)} is not encrypted with this key.`);
        }
        streams.configure(name, { keyId: undefined });
      },
    },
  };
};
