import { AwsError } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import type { Declared, Realised } from "../engine/program";
import type { EventSource } from "./eventSource";
import type { LambdaFunction } from "./function";
import type { KeptCheckpoints } from "./keptCheckpoints";
import type { Mapping } from "./mapping/mapping";
import { queueActions, startQueueMapping } from "./mapping/queueMapping";
import type { QueueSettings } from "./mapping/queueSettings";
import { readMapping } from "./mapping/settings";
import { checkReach } from "./mapping/stream/destination";
import { startStreamMapping, streamActions } from "./mapping/stream/mapping";
import type { StreamSettings } from "./mapping/stream/settings";
import { refusal } from "./properties";
import type { StreamSource } from "./streamSource";

export interface Mappings {
  realise: (declared: Declared) => Realised;
  find: (uuid: string) => Mapping;
  all: () => Mapping[];
  reset: () => Promise<void>;
  close: () => Promise<void>;
}

const invalid = (message: string): AwsError => new AwsError("InvalidParameterValueException", message);

/** Where mappings take their records from. */
export interface Sources {
  queues: EventSource;
  /** @default no mapping of a stream is taken */
  streams?: StreamSource | undefined;
  /** How far functions are with their streams. */
  kept: KeptCheckpoints;
}

/** The event source mappings that were declared. */
export const createMappings = (
  cloud: Cloud,
  { queues, streams, kept }: Sources,
  findFunction: (named: string) => LambdaFunction,
): Mappings => {
  const byUuid = new Map<string, Mapping>();

  const checkPolling = ({ role }: LambdaFunction, sourceArn: string): void => {
    for (const action of queueActions) {
      try {
        cloud.authorise(role, { action, resource: sourceArn });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const [, operation] = action.split(":");
        throw invalid(`The provided execution role does not have permissions to call ${operation} on SQS: ${reason}`);
      }
    }
  };

  const checkReading = ({ role }: LambdaFunction, sourceArn: string): void => {
    for (const action of streamActions) {
      try {
        cloud.authorise(role, { action, resource: sourceArn });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw invalid(
          `Cannot access stream ${sourceArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM. ${reason}`,
        );
      }
    }
  };

  const checkVisibility = ({ settings }: LambdaFunction, sourceArn: string): void => {
    const hidden = queues.visibilitySeconds?.(sourceArn);
    if (hidden === undefined || hidden >= settings.timeoutSeconds) return;
    throw invalid(
      `Queue visibility timeout: ${hidden} seconds is less than Function timeout: ${settings.timeoutSeconds} seconds`,
    );
  };

  const checkUnique = (target: LambdaFunction, sourceArn: string, declared: Declared): void => {
    for (const { settings, target: other } of byUuid.values()) {
      if (other !== target || settings.sourceArn !== sourceArn) continue;
      throw refusal(declared, `${target.settings.name} already has a mapping from ${sourceArn}: ${settings.uuid}`);
    }
  };

  const startQueue = (settings: QueueSettings, target: LambdaFunction): Mapping => {
    checkPolling(target, settings.sourceArn);
    checkVisibility(target, settings.sourceArn);
    return startQueueMapping(cloud, queues, settings, target);
  };

  const startStream = (settings: StreamSettings, target: LambdaFunction, declared: Declared): Mapping => {
    if (!streams) throw refusal(declared, `there are no streams here to read ${settings.sourceArn} from`);
    checkReading(target, settings.sourceArn);
    checkReach(cloud, target, settings.onFailure);
    return startStreamMapping({ cloud, source: streams, kept }, settings, target);
  };

  return {
    realise: (declared) => {
      const settings = readMapping(declared, cloud.newId());
      const target = findFunction(settings.functionName);
      checkUnique(target, settings.sourceArn, declared);
      const mapping =
        settings.kind === "queue" ? startQueue(settings, target) : startStream(settings, target, declared);
      byUuid.set(settings.uuid, mapping);
      const { uuid, enabled } = settings;
      return {
        id: uuid,
        outputs: {
          ...declared.inputs,
          uuid,
          arn: mapping.arn,
          functionArn: target.arn,
          state: enabled ? "Enabled" : "Disabled",
        },
      };
    },
    find: (uuid) => {
      const found = byUuid.get(uuid);
      if (found) return found;
      throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404, {
        Type: "User",
      });
    },
    all: () => [...byUuid.values()],
    reset: async () => {
      await Promise.all([...byUuid.values()].map((mapping) => mapping.reset()));
    },
    close: async () => {
      await Promise.all([...byUuid.values()].map((mapping) => mapping.close()));
    },
  };
};
