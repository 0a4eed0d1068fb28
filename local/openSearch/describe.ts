import { AwsError } from "../cloud/awsError";
import { account } from "../cloud/cloud";
import { takingOnly } from "../cloud/parameters";
import type { Operation } from "../cloud/service";
import { parseJsonBody, type RestInput } from "../gateway/restJson";

/** A domain as whoever looks for it is told of it. */
export interface Shown {
  name: string;
  arn: string;
  /** Such as OpenSearch_2.19. */
  engine: string;
  endpoint: string;
  cluster: { instanceType?: string; instanceCount?: number };
}

export const routes = {
  ListDomainNames: "GET /2021-01-01/domain",
  DescribeDomain: "GET /2021-01-01/opensearch/domain/{domain}",
  DescribeDomains: "POST /2021-01-01/opensearch/domain-info",
  // These have no operation behind them: they are here to be refused by their names.
  CreateDomain: "POST /2021-01-01/opensearch/domain",
  DeleteDomain: "DELETE /2021-01-01/opensearch/domain/{domain}",
  DescribeDomainConfig: "GET /2021-01-01/opensearch/domain/{domain}/config",
  UpdateDomainConfig: "POST /2021-01-01/opensearch/domain/{domain}/config",
};

const describe = ({ name, arn, engine, endpoint, cluster }: Shown) => ({
  DomainId: `${account}/${name}`,
  DomainName: name,
  ARN: arn,
  Created: true,
  Deleted: false,
  Processing: false,
  Endpoint: endpoint,
  EngineVersion: engine,
  ClusterConfig: { InstanceType: cluster.instanceType, InstanceCount: cluster.instanceCount },
});

const namesIn = ({ body }: RestInput): string[] => {
  const { DomainNames } = parseJsonBody(body);
  if (Array.isArray(DomainNames)) return DomainNames.map(String);
  throw new AwsError("ValidationException", "DomainNames must be a list of names");
};

const parametersIn = ({ query, body }: RestInput): string[] => [...query.keys(), ...Object.keys(parseJsonBody(body))];

/** Looking for domains: where they are is what their users must know. */
export const describeOperations = (
  domains: ReadonlyMap<string, Shown>,
  arnOf: (name: string) => string,
): Record<string, Operation> => {
  const find = (name: string): Shown => {
    const found = domains.get(name);
    if (!found) throw new AwsError("ResourceNotFoundException", `Domain not found: ${name}`, 409);
    return found;
  };
  return takingOnly(
    "es",
    { DescribeDomains: ["DomainNames"] },
    {
      ListDomainNames: {
        access: () => ({ action: "es:ListDomainNames", resource: "*" }),
        run: () => ({
          DomainNames: [...domains.keys()].map((DomainName) => ({ DomainName, EngineType: "OpenSearch" })),
        }),
      },
      DescribeDomain: {
        access: ({ path }: RestInput) => ({ action: "es:DescribeDomain", resource: arnOf(path["domain"] ?? "") }),
        run: ({ path }: RestInput) => ({ DomainStatus: describe(find(path["domain"] ?? "")) }),
      },
      DescribeDomains: {
        access: (input: RestInput) =>
          namesIn(input).map((name) => ({ action: "es:DescribeDomains", resource: arnOf(name) })),
        run: (input: RestInput) => ({ DomainStatusList: namesIn(input).map((name) => describe(find(name))) }),
      },
    },
    parametersIn,
  );
};
