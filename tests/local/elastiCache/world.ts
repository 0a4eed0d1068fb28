import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { createElastiCache, type ElastiCache } from "../../../local/elastiCache/service";
import type { Realised } from "../../../local/engine/program";
import { startTestCloud, type TestCloud } from "../cloud";

export const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";
export const parametersType = "aws:elasticache/parameterGroup:ParameterGroup";
export const subnetsType = "aws:elasticache/subnetGroup:SubnetGroup";
export const token = "Token-of-sixty-four-characters-or-so-0123456789";

export const aGroup = (over: Record<string, unknown> = {}) => ({
  replicationGroupId: "cache",
  description: "a cache",
  engine: "redis",
  engineVersion: "7.1",
  nodeType: "cache.t3.micro",
  numCacheClusters: 1,
  port: 6379,
  parameterGroupName: "parameters",
  subnetGroupName: "subnets",
  securityGroupIds: ["sg-1"],
  atRestEncryptionEnabled: true,
  transitEncryptionEnabled: true,
  transitEncryptionMode: "required",
  authToken: token,
  snapshotWindow: "01:00-02:00",
  maintenanceWindow: "sun:09:00-sun:10:00",
  ...over,
});

export const someParameters = (values: Record<string, string>) => ({
  name: "parameters",
  family: "redis7",
  parameters: Object.entries(values).map(([name, value]) => ({ name, value })),
});

export interface CacheWorld extends TestCloud {
  elastiCache: ElastiCache;
  /** Declares a cache with all that belongs to it. */
  makeCache: (parameters?: Record<string, string>, over?: Record<string, unknown>) => Promise<Realised>;
  port: (made: Realised) => number;
  /** Of the certificate that clients must trust. */
  ca: () => Promise<string>;
  /** A client of a cache that tries nothing twice. */
  connect: (made: Realised, over?: { password?: string | undefined; username?: string }) => Promise<Redis>;
}

export const startCacheWorld = async (options: { dataFolder?: string; path?: string } = {}): Promise<CacheWorld> => {
  const workFolder = await mkdtemp(join(tmpdir(), "elasticache-"));
  const parts: { elastiCache?: ElastiCache } = {};
  const world = await startTestCloud((cloud) => {
    parts.elastiCache = createElastiCache(cloud, { workFolder, ...options });
    return [parts.elastiCache];
  });
  const { elastiCache } = parts;
  if (!elastiCache) throw new Error("the cloud was not made");
  const clients: Redis[] = [];
  const port = ({ outputs }: Realised) => Number(outputs["port"]);
  const ca = async () => readFileSync(await elastiCache.certificate(), "utf8");
  return {
    ...world,
    elastiCache,
    port,
    ca,
    makeCache: async (parameters = {}, over = {}) => {
      await world.declare(parametersType, "parameters", someParameters(parameters));
      await world.declare(subnetsType, "subnets", { name: "subnets", subnetIds: ["subnet-1"] });
      return world.declare(groupType, "cache", aGroup(over));
    },
    connect: async (made, over = {}) => {
      const redis = new Redis({
        host: String(made.outputs["primaryEndpointAddress"]),
        port: port(made),
        password: token,
        tls: { ca: await ca() },
        lazyConnect: true,
        retryStrategy: () => null,
        ...over,
      });
      let trouble: Error | undefined;
      redis.on("error", (error) => {
        trouble ??= error;
      });
      clients.push(redis);
      await redis.connect().catch((error) => {
        throw trouble ?? error;
      });
      return redis;
    },
    close: async () => {
      for (const client of clients) client.disconnect();
      await world.close();
      await rm(workFolder, { recursive: true, force: true });
    },
  };
};
