import type { Domain } from "./domain";
import { indexPatterns } from "./indices";

/** What the roles of functions may do inside the domain, by what they are there for. IAM alone opens nothing. */
export const permissions = {
  search: { cluster_permissions: [], allowed_actions: ["read"] },
  index: { cluster_permissions: ["indices:data/write/bulk"], allowed_actions: ["read", "write"] },
} as const satisfies Record<string, { cluster_permissions: string[]; allowed_actions: string[] }>;

export type Use = keyof typeof permissions;
export const uses = Object.keys(permissions) as Use[];

/** Lets these roles, named by their ARNs, do what their use needs, and no other role. */
export const admit = async (domain: Domain, use: Use, roleArns: readonly string[]): Promise<void> => {
  const { cluster_permissions, allowed_actions } = permissions[use];
  const role = `signal9_${use}`;
  await domain.send({
    method: "PUT",
    path: `/_plugins/_security/api/roles/${role}`,
    body: { cluster_permissions, index_permissions: [{ index_patterns: indexPatterns, allowed_actions }] },
  });
  await domain.send({
    method: "PUT",
    path: `/_plugins/_security/api/rolesmapping/${role}`,
    body: { backend_roles: roleArns },
  });
};
