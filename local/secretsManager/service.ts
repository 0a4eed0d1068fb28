import { AwsError } from "../cloud/awsError";
import { account, type Cloud, region } from "../cloud/cloud";
import { Journal } from "../cloud/journal";
import { takingOnly } from "../cloud/parameters";
import type { Operation, Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { awsJson } from "../gateway/awsJson";
import { jsonNames, renaming } from "../gateway/renaming";
import { parameters, tokenIn, type Valued, valueIn, written } from "./input";
import { lifecycleOperations } from "./lifecycle";
import { invalidRequest } from "./refusals";
import { type Secret, Secrets, stagesOf, type Version } from "./secrets";

interface Input extends Valued {
  SecretId?: string;
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
  ...(secret.goneAt !== undefined && { DeletedDate: seconds(secret.goneAt) }),
});

const versionsOf = (secret: Secret) =>
  Object.fromEntries(secret.versions.map((version) => [version.id, stagesOf(secret, version)]));

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

  const counted = ({ access, run }: Operation): Operation => ({
    access,
    run: (input, call) => {
      cloud.meter.add("secretsmanager request");
      return run(input, call);
    },
  });

  const operations: Record<string, Operation> = {
    GetSecretValue: {
      access: onSecret("GetSecretValue"),
      run: (input: Input) => {
        const secret = secrets.findInUse(input.SecretId);
        const version = pick(secret, input);
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          ...written(version),
          VersionStages: stagesOf(secret, version),
          CreatedDate: seconds(version.createdAt),
        };
      },
    },
    DescribeSecret: {
      access: onSecret("DescribeSecret"),
      run: ({ SecretId }: Input) => {
        const secret = secrets.find(SecretId);
        return { ...describe(secret), ...(secret.versions.length > 0 && { VersionIdsToStages: versionsOf(secret) }) };
      },
    },
    ListSecrets: {
      access: () => ({ action: "secretsmanager:ListSecrets", resource: "*" }),
      run: ({ IncludePlannedDeletion: deleted = false }: { IncludePlannedDeletion?: boolean }) => ({
        SecretList: secrets
          .all()
          .filter(({ goneAt }) => deleted || goneAt === undefined)
          .map((secret) => ({ ...describe(secret), SecretVersionsToStages: versionsOf(secret) })),
      }),
    },
    PutSecretValue: {
      access: onSecret("PutSecretValue"),
      run: (input: Input) => {
        const value = valueIn(input);
        if (!value) throw invalidRequest("You must provide either SecretString or SecretBinary.");
        const secret = secrets.findInUse(input.SecretId);
        const version = secrets.put(secret, value, tokenIn(input));
        const VersionStages = stagesOf(secret, version);
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages };
      },
    },
    ...lifecycleOperations(cloud, secrets, onSecret),
  };

  return {
    signingName: "secretsmanager",
    protocol: renaming(awsJson({ version: "1.1", target: "secretsmanager" }), jsonNames),
    operations: Object.fromEntries(
      Object.entries(takingOnly("secretsmanager", parameters, operations, Object.keys)).map(([name, operation]) => [
        name,
        counted(operation),
      ]),
    ),
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
