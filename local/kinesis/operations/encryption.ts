import { unsupported } from "../../cloud/awsError";
import { account, region } from "../../cloud/cloud";
import { awsManagedKey } from "../settings";

const names = [awsManagedKey, `arn:aws:kms:${region}:${account}:${awsManagedKey}`];

/** Nothing is encrypted here, so that a key with a policy of its own would admit whom AWS does not. */
export const checkKey = (keyId: string): string => {
  if (names.includes(keyId)) return awsManagedKey;
  throw unsupported(`streams encrypted with key ${keyId}, only with ${awsManagedKey}`);
};
