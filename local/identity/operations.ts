import { createHash } from "node:crypto";
import { AwsError } from "../cloud/awsError";
import { type Access, account } from "../cloud/cloud";
import type { Operation } from "../cloud/service";
import type { Role } from "./service";

type Fields = Record<string, string>;

const onRole =
  (action: string) =>
  ({ RoleName }: Fields): Access => ({ action: `iam:${action}`, resource: `arn:aws:iam::${account}:role/${RoleName}` });

/** The same for the same name. */
const idOf = (name: string): string =>
  `AROA${createHash("sha256").update(name).digest("hex").toUpperCase().slice(0, 17)}`;

const describe = ({ name, arn, createdAt, trustText }: Role) => ({
  RoleName: name,
  Arn: arn,
  Path: "/",
  RoleId: idOf(name),
  CreateDate: new Date(createdAt).toISOString(),
  AssumeRolePolicyDocument: encodeURIComponent(trustText),
});

/** All are told at once, and none has a path. */
export const parameters = {
  GetRole: ["RoleName"],
  ListRoles: [],
  ListRolePolicies: ["RoleName"],
  GetRolePolicy: ["RoleName", "PolicyName"],
};

/** Looking at roles. Making them is the program's. */
export const roleOperations = (
  roles: ReadonlyMap<string, Role>,
  role: (name: string) => Role,
): Record<string, Operation> => ({
  GetRole: { access: onRole("GetRole"), run: ({ RoleName = "" }: Fields) => ({ Role: describe(role(RoleName)) }) },
  ListRoles: {
    access: () => ({ action: "iam:ListRoles", resource: "*" }),
    run: () => ({ Roles: [...roles.values()].map(describe), IsTruncated: false }),
  },
  ListRolePolicies: {
    access: onRole("ListRolePolicies"),
    run: ({ RoleName = "" }: Fields) => ({ PolicyNames: [...role(RoleName).policies.keys()], IsTruncated: false }),
  },
  GetRolePolicy: {
    access: onRole("GetRolePolicy"),
    run: ({ RoleName = "", PolicyName = "" }: Fields) => {
      const policy = role(RoleName).policies.get(PolicyName);
      if (policy === undefined) {
        throw new AwsError("NoSuchEntity", `The role policy with name ${PolicyName} cannot be found.`, 404);
      }
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(policy) };
    },
  },
});
