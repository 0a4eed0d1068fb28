import { invalidParameter, invalidRequest } from "./refusals";
import type { Value } from "./secrets";

/** The parameters of each operation that mean something here. */
export const parameters: Record<string, readonly string[]> = {
  GetSecretValue: ["SecretId", "VersionId", "VersionStage"],
  DescribeSecret: ["SecretId"],
  ListSecrets: ["IncludePlannedDeletion"],
  PutSecretValue: ["SecretId", "SecretString", "SecretBinary", "ClientRequestToken"],
  CreateSecret: ["Name", "Description", "SecretString", "SecretBinary", "ClientRequestToken"],
  DeleteSecret: ["SecretId", "RecoveryWindowInDays", "ForceDeleteWithoutRecovery"],
  RestoreSecret: ["SecretId"],
};

export interface Valued {
  /** Base64, as it comes over the wire. */
  SecretBinary?: string;
  SecretString?: string;
}

export const valueIn = ({ SecretString, SecretBinary }: Valued): Value | undefined => {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (SecretString !== undefined) return { value: SecretString };
  return SecretBinary === undefined ? undefined : { value: SecretBinary, binary: true };
};

export const written = ({ value, binary }: Value): Valued =>
  binary ? { SecretBinary: value } : { SecretString: value };

/** The SDKs make one of their own where the caller gives none. */
export const tokenIn = ({ ClientRequestToken: token }: { ClientRequestToken?: string }): string => {
  if (token === undefined) {
    throw invalidRequest("You must provide a ClientRequestToken value. We recommend a UUID-type value.");
  }
  if (token.length < 32 || token.length > 64) {
    throw invalidParameter("ClientRequestToken must be 32-64 characters long.");
  }
  return token;
};
