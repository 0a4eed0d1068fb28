import type { Certificate } from "../certificate/certificate";
import type { Cloud } from "../cloud/cloud";
import type { Call, Operation, Service } from "../cloud/service";
import { makeCalls } from "../gateway/pipeline";
import type { CompiledPolicy } from "../iam/policy";
import { Cluster } from "./cluster";
import { bulkOperation } from "./documents/bulk";
import { mgetOperation } from "./documents/mget";
import { singleOperations } from "./documents/single";
import { Kept } from "./index/kept";
import { aliasOperations } from "./indices/aliases";
import { indexOperations } from "./indices/operations";
import { reindexOperation } from "./indices/reindex";
import { infoOperations } from "./info";
import type { DomainOperations, Parts, Request } from "./operation";
import { searchOperations } from "./search/operations";
import { securityOperations } from "./security/api";
import { Security } from "./security/security";
import { domainProtocol } from "./wire/protocol";
import { startServer } from "./wire/server";

export interface DomainSettings {
  name: string;
  arn: string;
  /** Such as 2.19. */
  version: string;
  /** Without one there is no fine-grained access. */
  masterUser: string | undefined;
  /** Where it is kept across restarts. @default nowhere */
  journal?: string | undefined;
}

export interface Domain {
  endpoint: string;
  setPolicy: (policy: CompiledPolicy | undefined) => void;
  /** Forgets all documents. Indices stay with their mappings and aliases, and so do roles: a deployment made them. */
  reset: () => void;
  close: () => Promise<void>;
}

const operationsOf = (parts: Parts, { name, version }: DomainSettings): DomainOperations => ({
  ...infoOperations(parts, name, version),
  ...indexOperations(parts),
  ...aliasOperations(parts),
  ...singleOperations(parts),
  ...searchOperations(parts),
  ...securityOperations(parts),
  bulk: bulkOperation(parts),
  mget: mgetOperation(parts),
  reindex: reindexOperation(parts),
});

const httpAction = (method: string): string =>
  `es:ESHttp${method.charAt(0).toUpperCase()}${method.slice(1).toLowerCase()}`;

/** A domain with an address of its own, where IAM is asked first and then its own roles. */
export const createDomain = async (
  cloud: Cloud,
  settings: DomainSettings,
  certificate: Certificate,
): Promise<Domain> => {
  const kept = new Kept();
  const record = kept.record.bind(kept);
  const cluster = new Cluster(cloud, record);
  const security = new Security(settings.masterUser, cluster, record);
  let policy: CompiledPolicy | undefined;

  if (settings.journal !== undefined) {
    kept.open(
      settings.journal,
      (entry) => {
        if (entry.kind === "roles" || entry.kind === "rolesmapping") {
          security.restore({ kind: entry.kind, name: entry.name, value: entry.value });
        } else cluster.restore(entry);
      },
      function* () {
        yield* security.story();
        for (const index of cluster.all()) yield* index.story();
      },
    );
    for (const index of cluster.all()) index.refresh();
  }

  const operations = Object.entries(operationsOf({ cloud, cluster, security }, settings)).map(
    ([name, { needs, run }]): [string, Operation] => [
      name,
      {
        access: (_request: Request, { http }: Call) => ({
          action: httpAction(http.method),
          resource: `${settings.arn}${http.path}`,
          policy,
        }),
        run: async (request: Request, call) => {
          security.check(call.caller, needs(request));
          try {
            return await run(request, call);
          } finally {
            kept.commit();
          }
        },
      },
    ],
  );
  const service: Service = {
    signingName: "es",
    protocol: domainProtocol,
    operations: Object.fromEntries(operations),
    resources: {},
    reset: () => undefined,
    close: () => undefined,
  };
  const server = await startServer(makeCalls(cloud, [service]), certificate);

  return {
    endpoint: server.endpoint,
    setPolicy: (next) => {
      policy = next;
    },
    reset: () => {
      for (const index of cluster.all()) index.clear();
      kept.cutDown();
    },
    close: async () => {
      await server.close();
      for (const index of cluster.all()) index.close();
      kept.close();
    },
  };
};
