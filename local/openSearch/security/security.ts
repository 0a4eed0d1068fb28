import type { Principal } from "../../iam/principal";
import type { Cluster } from "../cluster";
import { refuse } from "../errors";
import type { Entry } from "../index/kept";
import type { Json } from "../json";
import { type Role, type RoleMapping, readRole, readRoleMapping } from "./role";

/** What a call needs, in OpenSearch's own words. */
export interface Needs {
  /** Actions on the domain as a whole. */
  cluster?: readonly string[];
  /** Actions on indices, named by an expression. */
  indices?: readonly { expression: string; actions: readonly string[] }[];
}

export const administratorRole = "all_access";

/** Roles that every domain has. */
const reserved: Readonly<Record<string, Json>> = {
  [administratorRole]: {
    cluster_permissions: ["*"],
    index_permissions: [{ index_patterns: ["*"], allowed_actions: ["*"] }],
  },
  readall: {
    cluster_permissions: ["cluster_composite_ops_ro"],
    index_permissions: [{ index_patterns: ["*"], allowed_actions: ["read"] }],
  },
};

export type Kind = "roles" | "rolesmapping";

interface Item<T> {
  value: Json;
  read: T;
}

/** AWS's name for a role at work is the role's. */
const userName = ({ arns: [arn = ""] }: Principal): string => arn;

const matches = (patterns: readonly RegExp[], text: string): boolean => patterns.some((pattern) => pattern.test(text));

/** Fine-grained access: who is mapped to which roles, and what these allow. Without a master user everybody may all. */
export class Security {
  readonly #roles = new Map<string, Item<Role>>();
  readonly #mappings = new Map<string, Item<RoleMapping>>();

  constructor(
    readonly masterUser: string | undefined,
    private readonly cluster: Cluster,
    private readonly record: (entry: Entry) => void,
  ) {
    for (const [name, value] of Object.entries(reserved)) this.#roles.set(name, { value, read: readRole(value) });
  }

  isReserved(kind: Kind, name: string): boolean {
    return kind === "roles" && name in reserved;
  }

  values(kind: Kind): ReadonlyMap<string, Json> {
    const items = kind === "roles" ? this.#roles : this.#mappings;
    return new Map([...items].map(([name, { value }]) => [name, value]));
  }

  /** Undefined takes it away. Throws where the value is not as it should be. */
  set(kind: Kind, name: string, value: Json | undefined): void {
    this.restore({ kind, name, value });
    this.record({ kind, name, value });
  }

  restore({ kind, name, value }: { kind: Kind; name: string; value?: Json | undefined }): void {
    if (kind === "roles") {
      if (value) this.#roles.set(name, { value, read: readRole(value) });
      else this.#roles.delete(name);
    } else if (value) this.#mappings.set(name, { value, read: readRoleMapping(value) });
    else this.#mappings.delete(name);
  }

  *story(): Iterable<Entry> {
    for (const kind of ["roles", "rolesmapping"] as const) {
      for (const [name, value] of this.values(kind)) if (!this.isReserved(kind, name)) yield { kind, name, value };
    }
  }

  rolesOf(caller: Principal): string[] {
    const user = userName(caller);
    if (caller.kind === "administrator" || user === this.masterUser) return [administratorRole];
    return [...this.#mappings]
      .filter(([, { read }]) => {
        const all = read.andBackendRoles.length > 0 && read.andBackendRoles.every((one) => one === user);
        return all || read.users.includes(user) || read.backendRoles.includes(user);
      })
      .map(([name]) => name);
  }

  /** The actions that are needed and that nothing allows. */
  missing(caller: Principal, { cluster = [], indices = [] }: Needs): string[] {
    if (this.masterUser === undefined) return [];
    const roles = this.rolesOf(caller).flatMap((name) => this.#roles.get(name)?.read ?? []);
    const denied = cluster.filter((action) => !roles.some((role) => matches(role.cluster, action)));
    for (const { expression, actions } of indices) {
      const names = this.#concrete(expression);
      for (const action of actions) {
        const allowed = names.every((name) =>
          roles.some((role) =>
            role.indices.some((one) => matches(one.actions, action) && this.#covers(one.patterns, name)),
          ),
        );
        if (!allowed) denied.push(action);
      }
    }
    return [...new Set(denied)];
  }

  check(caller: Principal, needs: Needs): void {
    const missing = this.missing(caller, needs);
    if (missing.length > 0) throw this.refusal(caller, missing);
  }

  refusal(caller: Principal, missing: readonly string[]): Error {
    const user = userName(caller);
    const who = `User [name=${user}, backend_roles=[${user}], requestedTenant=null]`;
    return refuse({ type: "security_exception", reason: `no permissions for [${missing.join(", ")}] and ${who}` }, 403);
  }

  /** Names of indices, as far as there are any; others stay as they were asked for. */
  #concrete(expression: string): string[] {
    return expression.split(",").flatMap((part) => {
      const found = this.cluster.resolve(part, { ignoreMissing: true }).map(({ name }) => name);
      return found.length > 0 ? found : [part === "_all" ? "*" : part];
    });
  }

  /** A pattern that fits an alias covers the indices behind it. */
  #covers(patterns: readonly RegExp[], name: string): boolean {
    const aliases = [...(this.cluster.get(name)?.aliases.keys() ?? [])];
    return matches(patterns, name) || aliases.some((alias) => matches(patterns, alias));
  }
}
