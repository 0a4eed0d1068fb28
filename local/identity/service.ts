import { AwsError } from "../cloud/awsError";
import { account, type Cloud } from "../cloud/cloud";
import { takingOnly } from "../cloud/parameters";
import type { Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { awsQuery, parametersIn } from "../gateway/awsQuery";
import { type Names, renaming } from "../gateway/renaming";
import { type CompiledPolicy, compilePolicy } from "../iam/policy";
import { service } from "../iam/principal";
import { parameters, roleOperations } from "./operations";

export interface Role {
  name: string;
  arn: string;
  createdAt: number;
  trust: CompiledPolicy;
  trustText: string;
  /** Texts by name. */
  policies: Map<string, string>;
}

export interface Identity extends Service {
  /** Throws unless the role's trust policy lets this service assume it. */
  assertAssumableBy: (roleArn: string, principal: string) => void;
}

const names: Names = {
  // IAM calls its own resources by kind and name, not by ARN.
  AccessDeniedException: {
    code: "AccessDenied",
    wording: (message) => message.replace(/on resource: arn:aws:iam::\d+:role\//, "on resource: role "),
  },
  UnrecognizedClientException: { code: "InvalidClientTokenId" },
};

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** IAM: roles and their policies, as declared. */
export const createIdentity = (cloud: Cloud): Identity => {
  const roles = new Map<string, Role>();
  const role = (name: string): Role => {
    const found = roles.get(name);
    if (!found) throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
    return found;
  };
  return {
    signingName: "iam",
    protocol: renaming(awsQuery({ namespace: "https://iam.amazonaws.com/doc/2010-05-08/" }), names),
    operations: takingOnly("iam", parameters, roleOperations(roles, role), parametersIn),
    resources: {
      "aws:iam/role:Role": (declared) => {
        understood(declared, ["name", "assumeRolePolicy", "description", "tags", "tagsAll"]);
        const { name, assumeRolePolicy } = declared.inputs as { name: string; assumeRolePolicy: unknown };
        const arn = `arn:aws:iam::${account}:role/${name}`;
        const trustText = text(assumeRolePolicy);
        const trust = compilePolicy(assumeRolePolicy, { name: `trust of ${name}`, kind: "trust" });
        roles.set(name, { name, arn, createdAt: cloud.clock.now(), trust, trustText, policies: new Map() });
        return { id: name, outputs: { ...declared.inputs, arn } };
      },
      // AWS makes such a role by itself for one of its services, whose calls are not checked against it here.
      "aws:iam/serviceLinkedRole:ServiceLinkedRole": (declared) => {
        understood(declared, ["awsServiceName", "description", "tags", "tagsAll"]);
        const { awsServiceName } = declared.inputs as { awsServiceName: string };
        const name = `AWSServiceRoleFor${awsServiceName.split(".")[0] ?? ""}`;
        const path = `/aws-service-role/${awsServiceName}/`;
        const arn = `arn:aws:iam::${account}:role${path}${name}`;
        return { id: arn, outputs: { ...declared.inputs, arn, name, path } };
      },
      "aws:iam/rolePolicy:RolePolicy": (declared) => {
        understood(declared, ["name", "role", "policy"]);
        const { role: roleName, policy, name = declared.name } = declared.inputs as Record<string, string>;
        const owner = role(roleName ?? "");
        owner.policies.set(name, text(policy));
        cloud.putRolePolicy(owner.arn, name, compilePolicy(policy, { name, kind: "identity" }));
        return { id: `${roleName}:${name}`, outputs: { ...declared.inputs, name } };
      },
    },
    assertAssumableBy: (roleArn, principal) => {
      const { trust } = role(roleArn.split("/").at(-1) ?? "");
      cloud.authorise(service(principal), { action: "sts:AssumeRole", resource: roleArn, policy: trust });
    },
    reset: () => undefined,
    close: () => undefined,
  };
};
