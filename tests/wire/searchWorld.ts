import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { createIndices } from "../../functions/processing/createIndices";
import { compilePolicy } from "../../local/iam/policy";
import { roleSession } from "../../local/iam/principal";
import { aDomain, domainType, master, type SearchWorld, startSearchWorld } from "../local/openSearch/world";
import { atTheEnd } from "./closing";
import { captureOutput } from "./output";
import { context, world } from "./world";

const roleOf = (use: string): string => `arn:aws:iam::123456789012:role/${use}`;

export const roles = { search: [roleOf("search")], index: [roleOf("index")] };

export interface Searching extends SearchWorld {
  /** From here on this process works under a role. */
  become: (role: string) => void;
  /** Another domain with the same master: its address. */
  anotherDomain: () => Promise<string>;
}

const arnOf = (domain: string): string => `arn:aws:es:us-east-1:123456789012:domain/${domain}`;

/** What the infrastructure lets a role do. */
const policies: Record<string, { actions: string[]; paths: string[] }> = {
  [master]: { actions: ["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpPost", "es:ESHttpDelete"], paths: ["*"] },
  [roleOf("search")]: { actions: ["es:ESHttpPost"], paths: ["documents/_search"] },
  [roleOf("index")]: { actions: ["es:ESHttpPost"], paths: ["documents/_search", "_bulk"] },
};

const start = async (): Promise<Searching> => {
  await world();
  const searching = await startSearchWorld();
  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, searching.ca]);
  atTheEnd(async () => {
    setDefaultCACertificates(trusted);
    await searching.close();
  });
  const allow = (role: string, name: string, Action: string[], Resource: string[]): void => {
    const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] };
    searching.cloud.putRolePolicy(role, name, compilePolicy(document, { name, kind: "identity" }));
  };
  const keys = new Map(
    Object.entries(policies).map(([role, { actions, paths }]) => {
      allow(
        role,
        "search",
        actions,
        paths.map((path) => `${arnOf("search")}/${path}`),
      );
      return [role, searching.cloud.issueCredentials(roleSession(role, "test"))] as const;
    }),
  );
  Object.assign(process.env, {
    SEARCH_ENDPOINT: `https://${searching.endpoint}`,
    EMBEDDER: "local",
    QUEUE_TRACKING_TABLE: "queue-tracking",
    COMPANY_OVERVIEW_TABLE: "company-overview",
    ASSET_ANALYSIS_TABLE: "asset-analysis",
  });
  const become = (role: string): void => {
    const { accessKeyId, secretAccessKey, sessionToken } = keys.get(role) ?? {};
    if (!accessKeyId) throw new Error(`there is no role ${role}`);
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    if (sessionToken) process.env["AWS_SESSION_TOKEN"] = sessionToken;
  };
  let domains = 0;
  const anotherDomain = async (): Promise<string> => {
    const domainName = `another-${++domains}`;
    allow(master, domainName, ["es:*"], [`${arnOf(domainName)}/*`]);
    const { outputs } = await searching.declare(domainType, domainName, aDomain({ domainName }));
    return `https://${outputs["endpoint"]}`;
  };
  return { ...searching, become, anotherDomain };
};

let shared: Promise<Searching> | undefined;

/** One domain for all suites, as there is one client of it in a process. */
export const searching = (): Promise<Searching> => {
  shared ??= start();
  return shared;
};

/** What a deployment does. */
export const deploy = async ({ endpoint, become }: Searching) => {
  become(master);
  const input = { endpoint: `https://${endpoint}`, roles };
  return captureOutput(() => createIndices(input, context(600_000)));
};

export const asIndexer = ({ become }: Searching): void => become(roleOf("index"));
export const asSearcher = ({ become }: Searching): void => become(roleOf("search"));
