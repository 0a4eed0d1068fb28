import { createHash } from "node:crypto";
import { AwsError } from "../cloud/awsError";
import { account, type Cloud, region } from "../cloud/cloud";
import { takingOnly } from "../cloud/parameters";
import type { Operation, Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { awsJson } from "../gateway/awsJson";
import { type CompiledPolicy, compilePolicy } from "../iam/policy";
import type { Principal } from "../iam/principal";

interface Key {
  id: string;
  arn: string;
  description: string;
  policy: CompiledPolicy;
  policyText: string;
}

export interface Kms extends Service {
  /**
   * Throws unless the key's policy lets this caller have data encrypted. Nothing is encrypted at rest here; but a topic
   * whose key does not admit its publisher stays silent on AWS, and so it does here.
   */
  canUseKey: (principal: Principal, keyIdOrArn: string) => void;
}

const parameters = {
  DescribeKey: ["KeyId"],
  GetKeyPolicy: ["KeyId", "PolicyName"],
  ListAliases: ["KeyId"],
};

const needed = ["kms:GenerateDataKey", "kms:Decrypt"];

/** Keys as declared: who may use them is enforced, what they would encrypt is not encrypted. */
export const createKms = (cloud: Cloud): Kms => {
  const keys = new Map<string, Key>();
  const aliases = new Map<string, string>();

  const find = (name: string): Key => {
    const id = aliases.get(name.split(":").at(-1) ?? "") ?? name.split("/").at(-1) ?? "";
    const key = keys.get(id);
    if (!key) throw new AwsError("NotFoundException", `Key '${name}' does not exist`);
    return key;
  };

  const onKey = (action: string) => (input: { KeyId?: string }) => {
    const { arn, policy } = find(input.KeyId ?? "");
    return { action: `kms:${action}`, resource: arn, policy };
  };

  const operations: Record<string, Operation> = {
    DescribeKey: {
      access: onKey("DescribeKey"),
      run: ({ KeyId = "" }: { KeyId?: string }) => {
        const { id, arn, description } = find(KeyId);
        return { KeyMetadata: { KeyId: id, Arn: arn, AWSAccountId: account, Description: description, Enabled: true } };
      },
    },
    GetKeyPolicy: {
      access: onKey("GetKeyPolicy"),
      run: ({ KeyId = "" }: { KeyId?: string }) => ({ Policy: find(KeyId).policyText, PolicyName: "default" }),
    },
    ListKeys: {
      access: () => ({ action: "kms:ListKeys", resource: "*" }),
      run: () => ({ Keys: [...keys.values()].map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), Truncated: false }),
    },
    ListAliases: {
      access: () => ({ action: "kms:ListAliases", resource: "*" }),
      run: ({ KeyId }: { KeyId?: string }) => {
        const only = KeyId === undefined ? undefined : find(KeyId).id;
        return {
          Aliases: [...aliases]
            .filter(([, TargetKeyId]) => only === undefined || TargetKeyId === only)
            .map(([AliasName, TargetKeyId]) => ({
              AliasName,
              AliasArn: `arn:aws:kms:${region}:${account}:${AliasName}`,
              TargetKeyId,
            })),
          Truncated: false,
        };
      },
    },
  };

  return {
    signingName: "kms",
    protocol: awsJson({ version: "1.1", target: "TrentService" }),
    operations: takingOnly("kms", parameters, operations, Object.keys),
    resources: {
      "aws:kms/key:Key": (declared) => {
        understood(declared, ["description", "enableKeyRotation", "deletionWindowInDays", "policy", "tags", "tagsAll"]);
        const { policy, description = "" } = declared.inputs as { policy: string; description?: string };
        const digest = createHash("sha256").update(declared.name).digest("hex");
        const id = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
        const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
        const compiled = compilePolicy(policy, { name: `policy of key ${declared.name}`, kind: "resource" });
        keys.set(id, { id, arn, description, policy: compiled, policyText: policy });
        return { id, outputs: { ...declared.inputs, arn, keyId: id } };
      },
      "aws:kms/alias:Alias": (declared) => {
        understood(declared, ["name", "targetKeyId"]);
        const { name, targetKeyId } = declared.inputs as { name: string; targetKeyId: string };
        aliases.set(name, find(targetKeyId).id);
        return { id: name, outputs: { ...declared.inputs, arn: `arn:aws:kms:${region}:${account}:${name}` } };
      },
    },
    canUseKey: (principal, keyIdOrArn) => {
      const { arn, policy } = find(keyIdOrArn);
      for (const action of needed) cloud.authorise(principal, { action, resource: arn, policy });
      cloud.meter.add("kms request");
    },
    reset: () => undefined,
    close: () => undefined,
  };
};
