import { createHash } from "node:crypto";
import { account, region } from "../cloud/cloud";
import type { Cors } from "./cors";
import type { PathPattern } from "./request/routing";
import type { Throttle } from "./request/throttle";
import type { Issuer } from "./tokens/issuer";

export interface Integration {
  id: string;
  functionArn: string;
  timeoutMs: number;
}

export interface Authorizer {
  id: string;
  name: string;
  /** Where in a request the token stands. */
  identity: { in: "header" | "query"; name: string };
  issuer: Issuer;
  audiences: readonly string[];
}

export interface Route {
  id: string;
  /** As it was declared: `GET /accounts/{accountId}`, or `$default`. */
  key: string;
  /** Undefined for `$default`. */
  pattern: PathPattern | undefined;
  integration: Integration;
  authorizer: Authorizer | undefined;
  /** Of which a token must have one. */
  scopes: readonly string[];
}

export interface Stage {
  name: string;
  log: { group: string; format: string } | undefined;
  throttle: Throttle;
  /** As declared: for the stage, and for routes of their own. */
  settings: { defaultRouteSettings: object; routeSettings: Record<string, object> };
  detailedMetrics: boolean;
  variables: Record<string, string> | undefined;
}

/** One HTTP API as it was declared. */
export interface Api {
  id: string;
  name: string;
  description: string | undefined;
  cors: Cors | undefined;
  createdAt: number;
  routes: Route[];
  integrations: Map<string, Integration>;
  authorizers: Map<string, Authorizer>;
  stages: Map<string, Stage>;
}

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** The same name has the same id at every start, so that an address stays what it was. */
export const idOf = (length: number, ...names: string[]): string =>
  [...createHash("sha256").update(names.join("\0")).digest().subarray(0, length)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join("");

export const apiArn = ({ id }: Pick<Api, "id">): string => `arn:aws:apigateway:${region}::/apis/${id}`;
export const executionArn = ({ id }: Pick<Api, "id">): string => `arn:aws:execute-api:${region}:${account}:${id}`;

/** Buckets cannot be called so, and no other service has paths like it. */
const prefix = "/_api/";

export const endpointOf = (gateway: string, { id }: Pick<Api, "id">): string => `${gateway}${prefix}${id}`;

/** What a path under an API's endpoint is for. */
export const apiPath = (path: string): { id: string; path: string } | undefined => {
  if (!path.startsWith(prefix)) return undefined;
  const [id = "", ...rest] = path.slice(prefix.length).split("/");
  return { id, path: `/${rest.join("/")}` };
};
