import { AwsError } from "../cloud/awsError";
import { account, type Cloud, region } from "../cloud/cloud";
import { Journal } from "../cloud/journal";
import type { Operation, Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { awsJson } from "../gateway/awsJson";
import { jsonNames, renaming } from "../gateway/renaming";
import { type Secret, Secrets, stagesOf, type Version } from "./secrets";

interface Input {
  SecretId?: string;
  SecretString?: string;
  VersionId?: string;
  VersionStage?: string;
  ClientRequestToken?: string;
}

const seconds = (ms: number): number => ms / 1_000;

const pick = (secret: Secret, { VersionId, VersionStage }: Input): Version => {
  const stage = VersionStage ?? (VersionId === undefined ? "AWSCURRENT" : undefined);
  const found = secret.versions.find(
    (version) =>
      (VersionId === undefined || version.id === VersionId) &&
      (stage === undefined || stagesOf(secret, version).includes(stage)),
  );
  if (!found) {
    throw new AwsError(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${stage ? `staging label: ${stage}` : `VersionId: ${VersionId}`}`,
    );
  }
  return found;
};

const describe = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  ...(secret.description !== undefined && { Description: secret.description }),
  CreatedDate: seconds(secret.createdAt),
  VersionIdsToStages: Object.fromEntries(secret.versions.map((version) => [version.id, stagesOf(secret, version)])),
});

/** Secrets Manager: secrets as they are declared, and as they change at run time. */
export const createSecretsManager = (cloud: Cloud, { journal }: { journal?: string } = {}): Service => {
  const secrets = new Secrets(cloud, journal === undefined ? undefined : new Journal(journal));

  /** The refusal names the secret by what was asked for: who may not read it need not learn whether it is there. */
  const onSecret =
    (action: string) =>
    ({ SecretId = "" }: Input) => {
      const known = secrets.all().find(({ name }) => name === SecretId)?.arn ?? SecretId;
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
        const secret = secrets.find(input.SecretId);
        const version = pick(secret, input);
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          SecretString: version.value,
          VersionStages: stagesOf(secret, version),
          CreatedDate: seconds(version.createdAt),
        };
      },
    },
    DescribeSecret: {
      access: onSecret("DescribeSecret"),
      run: ({ SecretId }: Input) => describe(secrets.find(SecretId)),
    },
    ListSecrets: {
      access: () => ({ action: "secretsmanager:ListSecrets", resource: "*" }),
      run: () => ({
        SecretList: secrets.all().map((secret) => {
          const { VersionIdsToStages, ...described } = describe(secret);
          return { ...described, SecretVersionsToStages: VersionIdsToStages };
        }),
      }),
    },
    PutSecretValue: {
      access: onSecret("PutSecretValue"),
      run: ({ SecretId, SecretString, ClientRequestToken }: Input) => {
        if (SecretString === undefined)
          throw new AwsError("InvalidRequestException", "You must provide either SecretString or SecretBinary.");
        const secret = secrets.find(SecretId);
        const version = secrets.put(secret, SecretString, ClientRequestToken);
        const VersionStages = stagesOf(secret, version);
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages };
      },
    },
  };

  return {
    signingName: "secretsmanager",
    protocol: renaming(awsJson({ version: "1.1", target: "secretsmanager" }), jsonNames),
    operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, counted(operation)])),
    resources: {
      "aws:secretsmanager/secret:Secret": (declared) => {
        understood(declared, ["name", "description", "recoveryWindowInDays", "tags", "tagsAll"]);
        const { name, description } = declared.inputs as { name: string; description?: string };
        const { arn } = secrets.declare(name, description);
        return { id: arn, outputs: { ...declared.inputs, arn } };
      },
      "aws:secretsmanager/secretVersion:SecretVersion": (declared) => {
        understood(declared, ["secretId", "secretString"]);
        const { secretId, secretString } = declared.inputs as { secretId: string; secretString: string };
        const secret = secrets.find(secretId);
        const { id } = secrets.declareVersion(secret, secretString);
        return { id: `${secret.arn}|${id}`, outputs: { ...declared.inputs, arn: secret.arn, versionId: id } };
      },
    },
    reset: () => secrets.reset(),
    close: () => secrets.close(),
  };
};
