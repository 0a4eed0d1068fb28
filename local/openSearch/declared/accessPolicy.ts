import { unsupported } from "../../cloud/awsError";
import { type CompiledPolicy, compilePolicy } from "../../iam/policy";

const supplied = new Set(
  [
    "aws:SecureTransport",
    "aws:CurrentTime",
    "aws:RequestedRegion",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:PrincipalIsAWSService",
    "aws:username",
  ].map((key) => key.toLowerCase()),
);

/** A domain's own policy, if it has one. A condition on what no request here carries would quietly decide something. */
export const readAccessPolicy = (domain: string, document: unknown): CompiledPolicy | undefined => {
  if (document === undefined || document === null || document === "") return undefined;
  const policy = compilePolicy(document, { name: `access policy of ${domain}`, kind: "resource" });
  for (const key of policy.keys) {
    if (!supplied.has(key)) throw unsupported(`the condition key ${key} in the access policy of ${domain}`);
  }
  return policy;
};
