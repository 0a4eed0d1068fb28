import { AwsError } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import type { Operation } from "../cloud/service";
import { tokenIn, type Valued, valueIn } from "./input";
import { invalidParameter, markedForDeletion } from "./refusals";
import { arnOf, type Secrets } from "./secrets";

const dayMs = 86_400_000;

interface Creation extends Valued {
  Name?: string;
  Description?: string;
  ClientRequestToken?: string;
}

interface Deletion {
  SecretId?: string;
  RecoveryWindowInDays?: number;
  ForceDeleteWithoutRecovery?: boolean;
}

const nameIn = ({ Name = "" }: Creation): string => {
  if (/^[\w/+=.@!-]{1,512}$/.test(Name)) return Name;
  throw new AwsError(
    "ValidationException",
    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
  );
};

/** For how long a deleted secret can still be restored. */
const windowIn = ({ RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: forced }: Deletion): number => {
  if (forced && days !== undefined) {
    throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  if (forced) return 0;
  if (days !== undefined && (days < 7 || days > 30)) {
    throw invalidParameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
  }
  return (days ?? 30) * dayMs;
};

/** Secrets that calls make, delete and restore, beside those that the program declares. */
export const lifecycleOperations = (
  cloud: Cloud,
  secrets: Secrets,
  onSecret: (action: string) => Operation["access"],
): Record<string, Operation> => ({
  CreateSecret: {
    access: ({ Name = "" }: Creation) => ({ action: "secretsmanager:CreateSecret", resource: arnOf(Name) }),
    run: (input: Creation) => {
      const name = nameIn(input);
      const value = valueIn(input);
      const token = tokenIn(input);
      const repeated = secrets
        .all()
        .find(
          (secret) =>
            secret.name === name && secret.goneAt === undefined && secret.versions.some(({ id }) => id === token),
        );
      const secret = repeated ?? secrets.create(name, input.Description);
      const version = value && secrets.put(secret, value, token);
      return { ARN: secret.arn, Name: name, ...(version && { VersionId: version.id }) };
    },
  },
  DeleteSecret: {
    access: onSecret("DeleteSecret"),
    run: (input: Deletion) => {
      const goneAt = cloud.clock.now() + windowIn(input);
      const { SecretId = "", ForceDeleteWithoutRecovery: forced } = input;
      const there = forced ? secrets.all().find(({ name, arn }) => [name, arn].includes(SecretId)) : undefined;
      // As AWS: what is not there cannot be gone more than it is.
      if (forced && !there) return { ARN: arnOf(SecretId), Name: SecretId, DeletionDate: goneAt / 1_000 };
      const secret = there ?? secrets.find(SecretId);
      if (secret.goneAt !== undefined && !forced) throw markedForDeletion();
      secrets.schedule(secret, goneAt);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: goneAt / 1_000 };
    },
  },
  RestoreSecret: {
    access: onSecret("RestoreSecret"),
    run: ({ SecretId }: Deletion) => {
      const secret = secrets.find(SecretId);
      secrets.schedule(secret, undefined);
      return { ARN: secret.arn, Name: secret.name };
    },
  },
});
