import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, errors } from "@opensearch-project/opensearch";
import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3";
import { sharedCertificate } from "../../../local/certificate/certificate";
import { Cloud } from "../../../local/cloud/cloud";
import { compilePolicy } from "../../../local/iam/policy";
import { roleSession } from "../../../local/iam/principal";
import { createOpenSearch } from "../../../local/openSearch/service";
import { startTestCloud, type TestCloud } from "../cloud";

export const domainType = "aws:opensearch/domain:Domain";
export const policyType = "aws:opensearch/domainPolicy:DomainPolicy";
export const domainArn = "arn:aws:es:us-east-1:123456789012:domain/search";
export const master = "arn:aws:iam::123456789012:role/bootstrap";

export const aDomain = (over: Record<string, unknown> = {}) => ({
  domainName: "search",
  engineVersion: "OpenSearch_2.19",
  clusterConfig: {
    instanceType: "t3.small.search",
    instanceCount: 2,
    zoneAwarenessEnabled: true,
    zoneAwarenessConfig: { availabilityZoneCount: 2 },
  },
  ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: 20 },
  encryptAtRest: { enabled: true },
  nodeToNodeEncryption: { enabled: true },
  domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
  vpcOptions: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] },
  advancedSecurityOptions: {
    enabled: true,
    internalUserDatabaseEnabled: false,
    masterUserOptions: { masterUserArn: master },
  },
  ...over,
});

export interface SearchWorld extends TestCloud {
  endpoint: string;
  /** As the administrator; tries nothing twice. */
  search: Client;
  ca: string;
  clientOf: (accessKeyId: string, over?: { maxRetries?: number; compression?: "gzip" }) => Client;
  /** As a role at work that IAM lets do this on the domain. */
  asDomainRole: (role: string, actions?: readonly string[], path?: string) => Client;
}

export const startSearchWorld = async (
  options: { dataFolder?: string; domain?: Record<string, unknown>; cloud?: Cloud } = {},
): Promise<SearchWorld> => {
  const workFolder = await mkdtemp(join(tmpdir(), "opensearch-"));
  const certificate = sharedCertificate(workFolder);
  const cloud = options.cloud ?? new Cloud();
  const world = await startTestCloud(
    () => [createOpenSearch(cloud, { certificate, ...(options.dataFolder && { dataFolder: options.dataFolder }) })],
    cloud,
  );
  const { outputs } = await world.declare(domainType, "search", aDomain(options.domain));
  const endpoint = String(outputs["endpoint"]);
  const ca = await readFile((await certificate()).certificate, "utf8");
  const clients: Client[] = [];
  const clientOf: SearchWorld["clientOf"] = (accessKeyId, over = {}) => {
    const credentials = { accessKeyId, secretAccessKey: "secret" };
    const client = new Client({
      ...AwsSigv4Signer({ region: "us-east-1", service: "es", getCredentials: async () => credentials }),
      node: `https://${endpoint}`,
      ssl: { ca },
      maxRetries: 0,
      ...over,
    });
    clients.push(client);
    return client;
  };
  return {
    ...world,
    search: clientOf("local"),
    endpoint,
    ca,
    clientOf,
    asDomainRole: (role, actions = ["es:ESHttp*"], path = "/*") => {
      const arn = `arn:aws:iam::123456789012:role/${role}`;
      const statement = { Effect: "Allow", Action: actions, Resource: `${domainArn}${path}` };
      const document = { Version: "2012-10-17", Statement: [statement] };
      cloud.putRolePolicy(arn, "tester", compilePolicy(document, { name: "tester", kind: "identity" }));
      return clientOf(cloud.issueCredentials(roleSession(arn, "test")).accessKeyId);
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await world.close();
      await rm(workFolder, { recursive: true, force: true });
    },
  };
};

export interface Refused {
  status: number;
  type: string;
  reason: string;
  body: Record<string, never>;
}

/** What a domain refused with. */
export const refused = async (work: PromiseLike<unknown>): Promise<Refused> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof errors.ResponseError)) throw error;
    const body = error.body as {
      error?: { type?: string; root_cause?: { reason: string }[] };
      Message?: string;
    };
    return {
      status: error.statusCode ?? 0,
      type: body.error?.type ?? "",
      reason: body.error?.root_cause?.[0]?.reason ?? body.Message ?? "",
      body: error.body as Record<string, never>,
    };
  }
  throw new Error("it succeeded");
};
