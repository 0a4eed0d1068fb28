import { notHere, refuse } from "../errors";
import { isObject, type Json } from "../json";
import { wildcard } from "../wildcard";
import { expandActions } from "./actionGroups";

/** What those who are mapped to a role may do. */
export interface Role {
  cluster: readonly RegExp[];
  indices: readonly { patterns: readonly RegExp[]; actions: readonly RegExp[] }[];
}

export interface RoleMapping {
  users: readonly string[];
  backendRoles: readonly string[];
  /** Of these all are needed. */
  andBackendRoles: readonly string[];
}

const invalid = (reason: string, keys: string[]): Error =>
  refuse({ type: "invalid_configuration", reason: `${reason}: ${keys.join(", ")}` });

const texts = (value: Json, name: string): string[] => {
  const list = value[name] ?? [];
  if (!Array.isArray(list) || list.some((one) => typeof one !== "string")) {
    throw invalid("Wrong datatype, expected an array of strings", [name]);
  }
  return list;
};

const checkKeys = (value: Json, known: readonly string[]): void => {
  const strangers = Object.keys(value).filter((name) => !known.includes(name));
  if (strangers.length > 0) throw invalid("Invalid configuration, keys that are not known", strangers);
};

const matchers = (actions: readonly string[]): RegExp[] => expandActions(actions).map(wildcard);

const nothingOf = (value: Json, names: readonly string[]): void => {
  for (const name of names) {
    const given = value[name];
    const empty = given === undefined || given === null || given === "" || (Array.isArray(given) && given.length === 0);
    if (!empty) throw notHere(`[${name}] of a role`);
  }
};

export const readRole = (value: Json): Role => {
  checkKeys(value, ["description", "cluster_permissions", "index_permissions", "tenant_permissions"]);
  nothingOf(value, ["tenant_permissions"]);
  const permissions = value["index_permissions"] ?? [];
  if (!Array.isArray(permissions)) throw invalid("Wrong datatype, expected an array", ["index_permissions"]);
  return {
    cluster: matchers(texts(value, "cluster_permissions")),
    indices: permissions.map((permission: unknown) => {
      if (!isObject(permission)) throw invalid("Wrong datatype, expected objects", ["index_permissions"]);
      checkKeys(permission, ["index_patterns", "allowed_actions", "dls", "fls", "masked_fields"]);
      nothingOf(permission, ["dls", "fls", "masked_fields"]);
      return {
        patterns: texts(permission, "index_patterns").map(wildcard),
        actions: matchers(texts(permission, "allowed_actions")),
      };
    }),
  };
};

export const readRoleMapping = (value: Json): RoleMapping => {
  checkKeys(value, ["description", "users", "backend_roles", "and_backend_roles", "hosts"]);
  nothingOf(value, ["hosts"]);
  return {
    users: texts(value, "users"),
    backendRoles: texts(value, "backend_roles"),
    andBackendRoles: texts(value, "and_backend_roles"),
  };
};
