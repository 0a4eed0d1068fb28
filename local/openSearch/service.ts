import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Certificate } from "../certificate/certificate";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { restJson } from "../gateway/restJson";
import { readAccessPolicy } from "./declared/accessPolicy";
import { readDomain } from "./declared/domain";
import { describeOperations, routes, type Shown } from "./describe";
import { createDomain, type Domain } from "./domain";

export interface OpenSearchOptions {
  /** What its domains show to their clients. */
  certificate: () => Promise<Certificate>;
  /** Where domains are kept across restarts. @default in memory */
  dataFolder?: string;
}

export const domainArn = (name: string): string => `arn:aws:es:${region}:${account}:domain/${name}`;

/** OpenSearch Service: domains, each at an address of its own, which speaks the JSON API of OpenSearch 2. */
export const createOpenSearch = (cloud: Cloud, { certificate, dataFolder }: OpenSearchOptions): Service => {
  const domains = new Map<string, Domain>();
  const shown = new Map<string, Shown>();
  if (dataFolder !== undefined) mkdirSync(dataFolder, { recursive: true });
  return {
    signingName: "es",
    protocol: restJson(routes),
    operations: describeOperations(shown, domainArn),
    resources: {
      "aws:opensearch/domain:Domain": async (declared) => {
        const { name, version, masterUser, accessPolicies } = readDomain(declared);
        if (domains.has(name)) throw new Error(`${declared.type} ${declared.name}: there is a domain ${name} already`);
        const arn = domainArn(name);
        const policy = readAccessPolicy(name, accessPolicies);
        const journal = dataFolder === undefined ? undefined : join(dataFolder, `${name}.jsonl`);
        const domain = await createDomain(cloud, { name, arn, version, masterUser, journal }, await certificate());
        domain.setPolicy(policy);
        domains.set(name, domain);
        const { endpoint } = domain;
        const cluster = (declared.inputs["clusterConfig"] ?? {}) as Shown["cluster"];
        shown.set(name, { name, arn, engine: String(declared.inputs["engineVersion"]), endpoint, cluster });
        return {
          id: arn,
          outputs: {
            ...declared.inputs,
            arn,
            domainId: `${account}/${name}`,
            endpoint,
            endpointV2: endpoint,
            dashboardEndpoint: `${endpoint}/_dashboards`,
            dashboardEndpointV2: `${endpoint}/_dashboards`,
          },
        };
      },
      "aws:opensearch/domainPolicy:DomainPolicy": (declared) => {
        understood(declared, ["domainName", "accessPolicies", "region"]);
        const name = String(declared.inputs["domainName"]);
        const domain = domains.get(name);
        if (!domain) throw new Error(`${declared.type} ${declared.name}: there is no domain ${name}`);
        domain.setPolicy(readAccessPolicy(name, declared.inputs["accessPolicies"]));
        return { id: `esd-policy-${name}`, outputs: declared.inputs };
      },
    },
    reset: () => {
      for (const domain of domains.values()) domain.reset();
    },
    close: async () => {
      for (const domain of domains.values()) await domain.close();
    },
  };
};
