import type { Cloud } from "../cloud/cloud";
import type { Call } from "../cloud/service";
import type { Cluster } from "./cluster";
import type { Needs, Security } from "./security/security";

/** A call of a domain's API: what its path names, its parameters, its body. */
export interface Request {
  path: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: string;
}

/** What all operations of a domain work on. */
export interface Parts {
  cloud: Cloud;
  cluster: Cluster;
  security: Security;
}

export interface DomainOperation {
  needs: (request: Request) => Needs;
  run: (request: Request, call: Call) => unknown;
}

export type DomainOperations = Readonly<Record<string, DomainOperation>>;

export const acknowledged = { acknowledged: true };

/** A parameter that is on where it stands without a value. */
export const isOn = (query: URLSearchParams, name: string): boolean =>
  ["", "true"].includes(query.get(name) ?? "false");

export const indexNeeds =
  (...actions: readonly string[]) =>
  ({ path }: Request): Needs => ({ indices: [{ expression: path["index"] ?? "_all", actions }] });

export const clusterNeeds = (action: string) => (): Needs => ({ cluster: [action] });
