import { AwsError } from "../cloud/awsError";
import { type Access, account } from "../cloud/cloud";
import type { Operation } from "../cloud/service";
import type { Role } from "./service";

type Fields = Record<string, string>;

const onRole =
  (action: string) =>
  ({ RoleName }: Fields): Access => ({ action: `iam:${action}`, resource: `arn:aws:iam::${account}:role/${RoleName}` });

const describe = ({ name, arn, trustText }: Role) => ({
  RoleName: name,
  Arn: arn,
  Path: "/",
  RoleId: `AROA${name.toUpperCase().replace(/\W/g, "").slice(0, 16)}`,
  CreateDate: "2026-01-01T00:00:00Z",
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
