import type { Principal } from "../../iam/principal";
import { notHere, OpenSearchError } from "../errors";
import { equalJson, isObject, type Json } from "../json";
import type { DomainOperation, DomainOperations, Parts, Request } from "../operation";
import { Answer } from "../wire/protocol";
import { patched } from "./patch";
import { administratorRole, type Kind } from "./security";

const told = (status: number, name: string, message: string) => new Answer(status, { status: name, message });
const notFound = (name: string) => told(404, "NOT_FOUND", `Resource '${name}' not found.`);
const badRequest = (message: string) => told(400, "BAD_REQUEST", message);

/** As the API shows it, with what is not said spelt out. */
const shown = (kind: Kind, value: Json, reserved: boolean) => {
  const lists =
    kind === "roles"
      ? { cluster_permissions: [], index_permissions: [], tenant_permissions: [] }
      : { hosts: [], users: [], backend_roles: [], and_backend_roles: [] };
  return { reserved, hidden: false, ...lists, ...value, ...(kind === "roles" && { static: reserved }) };
};

/** OpenSearch's own API for roles and for who has them: only for those who may do everything. */
export const securityOperations = ({ security }: Parts): DomainOperations => {
  const mayAdminister = (caller: Principal): Answer | undefined => {
    if (security.masterUser === undefined) throw notHere("the security API without fine-grained access");
    const roles = security.rolesOf(caller);
    if (roles.includes(administratorRole)) return undefined;
    return told(
      403,
      "FORBIDDEN",
      `No permission to access REST API: User ${caller.arns[0]} with Security roles [${roles.join(", ")}] does not have any role privileged for admin access. No client TLS certificate found in request`,
    );
  };

  const administered = (run: (request: Request) => object): DomainOperation => ({
    needs: () => ({}),
    run: (request, { caller }) => mayAdminister(caller) ?? run(request),
  });

  const change = (kind: Kind, name: string, value: Json | undefined): Answer | undefined => {
    if (security.isReserved(kind, name)) return told(403, "FORBIDDEN", `Resource '${name}' is reserved.`);
    if (kind === "rolesmapping" && value && !security.values("roles").has(name)) {
      return told(404, "NOT_FOUND", `role '${name}' not found.`);
    }
    try {
      security.set(kind, name, value);
      return undefined;
    } catch (error) {
      if (!(error instanceof OpenSearchError)) throw error;
      return new Answer(400, { status: "error", reason: error.detail.reason });
    }
  };

  const parsed = (body: string): unknown => {
    try {
      return JSON.parse(body);
    } catch {
      return undefined;
    }
  };

  const put = (kind: Kind, { path, body }: Request) => {
    const name = path["name"] ?? "";
    const value = parsed(body);
    if (!isObject(value)) return badRequest("Could not parse content of request.");
    const there = security.values(kind).has(name);
    const refused = change(kind, name, value);
    if (refused) return refused;
    return there ? told(200, "OK", `'${name}' updated.`) : told(201, "CREATED", `'${name}' created.`);
  };

  const patchOne = (kind: Kind, { path, body }: Request) => {
    const name = path["name"] ?? "";
    const there = security.values(kind).get(name);
    if (!there) return notFound(name);
    const value = patched(there, parsed(body));
    if (typeof value === "string") return badRequest(value);
    return change(kind, name, value) ?? told(200, "OK", `'${name}' updated.`);
  };

  const patchAll = (kind: Kind, { body }: Request) => {
    const before = Object.fromEntries(security.values(kind));
    const after = patched(before, parsed(body));
    if (typeof after === "string") return badRequest(after);
    for (const name of Object.keys({ ...before, ...after })) {
      if (equalJson(before[name], after[name])) continue;
      const refused = change(kind, name, after[name] as Json | undefined);
      if (refused) return refused;
    }
    return told(200, "OK", "Resource updated.");
  };

  const remove = (kind: Kind, { path }: Request) => {
    const name = path["name"] ?? "";
    if (!security.values(kind).has(name)) return notFound(name);
    return change(kind, name, undefined) ?? told(200, "OK", `'${name}' deleted.`);
  };

  const all = (kind: Kind) =>
    Object.fromEntries(
      [...security.values(kind)].map(([name, value]) => [name, shown(kind, value, security.isReserved(kind, name))]),
    );

  const get = (kind: Kind, { path }: Request) => {
    const name = path["name"] ?? "";
    const value = all(kind)[name];
    return value ? { [name]: value } : notFound(name);
  };

  const ofKind = (kind: Kind, one: string): [string, DomainOperation][] => [
    [`security.get${one}s`, administered(() => all(kind))],
    [`security.get${one}`, administered((request) => get(kind, request))],
    [`security.create${one}`, administered((request) => put(kind, request))],
    [`security.patch${one}`, administered((request) => patchOne(kind, request))],
    [`security.patch${one}s`, administered((request) => patchAll(kind, request))],
    [`security.delete${one}`, administered((request) => remove(kind, request))],
  ];

  return Object.fromEntries([...ofKind("roles", "Role"), ...ofKind("rolesmapping", "RoleMapping")]);
};
