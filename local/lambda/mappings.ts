import { AwsError } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import type { Declared, Realised } from "../engine/program";
import type { EventSource } from "./eventSource";
import type { LambdaFunction } from "./function";
import { type Mapping, pollingActions, startMapping } from "./mapping/mapping";
import { readMapping } from "./mapping/settings";
import { refusal } from "./properties";

export interface Mappings {
  realise: (declared: Declared) => Realised;
  find: (uuid: string) => Mapping;
  all: () => Mapping[];
  close: () => Promise<void>;
}

const invalid = (message: string): AwsError => new AwsError("InvalidParameterValueException", message);

/** The event source mappings that were declared. */
export const createMappings = (
  cloud: Cloud,
  source: EventSource,
  findFunction: (named: string) => LambdaFunction,
): Mappings => {
  const byUuid = new Map<string, Mapping>();

  const checkPermissions = ({ role }: LambdaFunction, sourceArn: string): void => {
    for (const action of pollingActions) {
      try {
        cloud.authorise(role, { action, resource: sourceArn });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const [, operation] = action.split(":");
        throw invalid(`The provided execution role does not have permissions to call ${operation} on SQS: ${reason}`);
      }
    }
  };

  const checkVisibility = ({ settings }: LambdaFunction, sourceArn: string): void => {
    const hidden = source.visibilitySeconds?.(sourceArn);
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

  return {
    realise: (declared) => {
      const settings = readMapping(declared, cloud.newId());
      const target = findFunction(settings.functionName);
      checkUnique(target, settings.sourceArn, declared);
      checkPermissions(target, settings.sourceArn);
      checkVisibility(target, settings.sourceArn);
      const mapping = startMapping(cloud, source, settings, target);
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
    close: async () => {
      await Promise.all([...byUuid.values()].map((mapping) => mapping.close()));
    },
  };
};
