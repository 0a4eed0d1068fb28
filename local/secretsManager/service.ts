import { createHash } from "node:crypto";
import { AwsError } from "../cloud/awsError";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Operation, Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { awsJson } from "../gateway/awsJson";

interface Version {
  id: string;
  value: string;
  stages: Set<string>;
  createdAt: number;
  /** By the program, and not by a call at run time. */
  declared: boolean;
}

interface Secret {
  name: string;
  arn: string;
  description: string | undefined;
  createdAt: number;
  versions: Version[];
}

interface Input {
  SecretId?: string;
  SecretString?: string;
  VersionId?: string;
  VersionStage?: string;
  ClientRequestToken?: string;
}

const notFound = () => new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");

/** AWS ends a secret's ARN in six characters of its own. */
const suffix = (name: string): string =>
  createHash("sha256").update(name).digest("base64url").replace(/\W|_/g, "x").slice(0, 6);

const seconds = (ms: number): number => ms / 1_000;

/** Secrets, in memory only: a kept folder never holds one. */
export const createSecretsManager = (cloud: Cloud): Service => {
  const secrets = new Map<string, Secret>();

  const find = (id = ""): Secret => {
    const secret = secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id);
    if (!secret) throw notFound();
    return secret;
  };

  const put = (secret: Secret, value: string, id: string = cloud.newId(), declared = false): Version => {
    const there = secret.versions.find((version) => version.id === id);
    if (there && there.value === value) return there;
    if (there) {
      throw new AwsError(
        "ResourceExistsException",
        "A version of the secret with this ClientRequestToken exists already, with another value.",
      );
    }
    for (const version of secret.versions) {
      version.stages.delete("AWSPREVIOUS");
      if (version.stages.delete("AWSCURRENT")) version.stages.add("AWSPREVIOUS");
    }
    const version = { id, value, stages: new Set(["AWSCURRENT"]), createdAt: cloud.clock.now(), declared };
    secret.versions.push(version);
    return version;
  };

  const pick = (secret: Secret, { VersionId, VersionStage }: Input): Version => {
    const stage = VersionStage ?? (VersionId === undefined ? "AWSCURRENT" : undefined);
    const version = secret.versions.find(
      ({ id, stages }) => (VersionId === undefined || id === VersionId) && (stage === undefined || stages.has(stage)),
    );
    if (!version) {
      throw new AwsError(
        "ResourceNotFoundException",
        `Secrets Manager can't find the specified secret value for ${stage ? `staging label: ${stage}` : `VersionId: ${VersionId}`}`,
      );
    }
    return version;
  };

  const describe = (secret: Secret) => ({
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description !== undefined && { Description: secret.description }),
    CreatedDate: seconds(secret.createdAt),
    VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, [...stages]])),
  });

  /** The refusal names the secret by what was asked for: who may not read it need not learn whether it is there. */
  const onSecret =
    (action: string) =>
    ({ SecretId = "" }: Input) => {
      const known = secrets.get(SecretId)?.arn ?? SecretId;
      const resource = known.startsWith("arn:") ? known : `arn:aws:secretsmanager:${region}:${account}:secret:${known}`;
      return { action: `secretsmanager:${action}`, resource };
    };

  const counted = (operation: Operation): Operation => ({
    ...operation,
    run: (input, call) => {
      cloud.meter.add("secretsmanager request");
      return operation.run(input, call);
    },
  });

  const operations: Record<string, Operation> = {
    GetSecretValue: {
      access: onSecret("GetSecretValue"),
      run: (input: Input) => {
        const secret = find(input.SecretId);
        const { id, value, stages, createdAt } = pick(secret, input);
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: id,
          SecretString: value,
          VersionStages: [...stages],
          CreatedDate: seconds(createdAt),
        };
      },
    },
    DescribeSecret: { access: onSecret("DescribeSecret"), run: ({ SecretId }: Input) => describe(find(SecretId)) },
    ListSecrets: {
      access: () => ({ action: "secretsmanager:ListSecrets", resource: "*" }),
      run: () => ({
        SecretList: [...secrets.values()].map((secret) => {
          const { VersionIdsToStages, ...described } = describe(secret);
          return { ...described, SecretVersionsToStages: VersionIdsToStages };
        }),
      }),
    },
    PutSecretValue: {
      access: onSecret("PutSecretValue"),
      run: ({ SecretId, SecretString, ClientRequestToken }: Input) => {
        if (SecretString === undefined)
          throw new AwsError("InvalidParameterException", "You must provide SecretString.");
        const secret = find(SecretId);
        const { id, stages } = put(secret, SecretString, ClientRequestToken);
        return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: [...stages] };
      },
    },
  };

  return {
    signingName: "secretsmanager",
    protocol: awsJson({ version: "1.1", target: "secretsmanager" }),
    operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, counted(operation)])),
    resources: {
      "aws:secretsmanager/secret:Secret": (declared) => {
        understood(declared, ["name", "description", "recoveryWindowInDays", "tags", "tagsAll"]);
        const { name, description } = declared.inputs as { name: string; description?: string };
        const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix(name)}`;
        secrets.set(name, { name, arn, description, createdAt: cloud.clock.now(), versions: [] });
        return { id: arn, outputs: { ...declared.inputs, arn } };
      },
      "aws:secretsmanager/secretVersion:SecretVersion": (declared) => {
        understood(declared, ["secretId", "secretString"]);
        const { secretId, secretString } = declared.inputs as { secretId: string; secretString: string };
        const secret = find(secretId);
        const { id } = put(secret, secretString, undefined, true);
        return { id: `${secret.arn}|${id}`, outputs: { ...declared.inputs, arn: secret.arn, versionId: id } };
      },
    },
    reset: () => {
      for (const secret of secrets.values()) {
        secret.versions = secret.versions.filter(({ declared }) => declared);
        const last = secret.versions.at(-1);
        for (const version of secret.versions) version.stages = new Set(version === last ? ["AWSCURRENT"] : []);
      }
    },
    close: () => undefined,
  };
};
