import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Certificate, sharedCertificate } from "../certificate/certificate";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { awsQuery } from "../gateway/awsQuery";
import { notFound, type ParameterGroup, readParameterGroup, readReplicationGroup } from "./declared";
import { describeOperations, type Shown } from "./describe";
import { createServer, host, type Server } from "./server";

export interface ElastiCache extends Service {
  /** The file of the certificate that clients must trust: AWS's own are trusted everywhere, this one is not. */
  certificate: () => Promise<string>;
  /** What whoever starts the cloud should know. */
  notices: () => string[];
  /** Every cache is down: connections are refused, and keys in memory are lost. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
  /** Every cache is slow without end: it takes connections and answers nothing. */
  pause: () => void;
  resume: () => void;
  /** Asks the cache as AWS itself could, for instance `config get timeout`. */
  ask: (cache: string, command: string, ...args: string[]) => Promise<unknown>;
}

export interface ElastiCacheOptions {
  /** For what is made anew at each start. */
  workFolder: string;
  /** What it shows to its clients. @default one of its own, in workFolder */
  certificate?: () => Promise<Certificate>;
  /** Where keys are kept across restarts. @default in memory */
  dataFolder?: string;
  /** Where redis-server is looked for. @default the PATH of this process */
  path?: string;
}

const findProgram = (name: string, path: string): string | undefined =>
  path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

const arnOf = (kind: string, name: string): string => `arn:aws:elasticache:${region}:${account}:${kind}:${name}`;

/** ElastiCache: a real Redis in a process of its own, or an endpoint that refuses connections where there is none. */
export const createElastiCache = (_cloud: Cloud, options: ElastiCacheOptions): ElastiCache => {
  const binary = findProgram("redis-server", options.path ?? process.env["PATH"] ?? "");
  const parameterGroups = new Map<string, ParameterGroup>();
  const subnetGroups = new Set<string>();
  const servers = new Map<string, Server>();
  const shown = new Map<string, Shown>();
  const certificate = options.certificate ?? sharedCertificate(options.workFolder);
  const each = (act: (server: Server) => Promise<void>) => Promise.all([...servers.values()].map(act));
  const start = async () => void (await each((server) => server.start()));
  const stop = async () => void (await each((server) => server.stop()));
  const resume = () => {
    for (const server of servers.values()) server.resume();
  };

  const keptIn = (id: string): string | undefined => {
    if (options.dataFolder === undefined) return undefined;
    const folder = join(options.dataFolder, id);
    mkdirSync(folder, { recursive: true });
    return folder;
  };

  return {
    signingName: "elasticache",
    protocol: awsQuery({ namespace: "http://elasticache.amazonaws.com/doc/2015-02-02/" }),
    operations: describeOperations(shown, (id) => arnOf("replicationgroup", id)),
    resources: {
      "aws:elasticache/parameterGroup:ParameterGroup": (declared) => {
        const name = String(declared.inputs["name"]);
        parameterGroups.set(name, readParameterGroup(declared));
        return { id: name, outputs: { ...declared.inputs, arn: arnOf("parametergroup", name) } };
      },
      "aws:elasticache/subnetGroup:SubnetGroup": (declared) => {
        understood(declared, ["name", "description", "subnetIds", "tags", "tagsAll", "region"]);
        const name = String(declared.inputs["name"]);
        subnetGroups.add(name);
        return { id: name, outputs: { ...declared.inputs, arn: arnOf("subnetgroup", name) } };
      },
      "aws:elasticache/replicationGroup:ReplicationGroup": async (declared) => {
        const { id, token, nodes, parameterGroup, subnetGroup } = readReplicationGroup(declared);
        const { description, nodeType, automaticFailoverEnabled, multiAzEnabled } = declared.inputs;
        const arn = arnOf("replicationgroup", id);
        const members = Array.from({ length: nodes }, (_, at) => `${id}-00${at + 1}`);
        const parameters = parameterGroups.get(parameterGroup)?.parameters;
        if (!parameters) throw notFound("CacheParameterGroup", parameterGroup);
        if (!subnetGroups.has(subnetGroup)) throw notFound("CacheSubnetGroup", subnetGroup);
        const folder = keptIn(id);
        const server = await createServer({ binary, certificate: await certificate(), token, parameters, folder });
        servers.set(id, server);
        shown.set(id, {
          id,
          arn,
          description: String(description ?? ""),
          available: binary !== undefined,
          port: server.port,
          members,
          nodeType: String(nodeType),
          automaticFailover: automaticFailoverEnabled === true,
          multiAz: multiAzEnabled === true,
        });
        await server.start();
        return {
          id,
          outputs: {
            ...declared.inputs,
            arn,
            primaryEndpointAddress: host,
            readerEndpointAddress: host,
            port: server.port,
            memberClusters: members,
          },
        };
      },
    },
    certificate: async () => (await certificate()).certificate,
    notices: () =>
      binary === undefined && servers.size > 0
        ? [
            "no redis-server here: the cache refuses connections, and everything works without it, slower; " +
              "apt-get install redis-server or brew install redis, then start again",
          ]
        : [],
    start,
    stop,
    pause: () => {
      for (const server of servers.values()) server.pause();
    },
    resume,
    ask: (cache, command, ...args) => {
      const server = servers.get(cache);
      if (!server) throw new Error(`there is no cache ${cache}`);
      return server.ask(command, ...args);
    },
    // A cache that was stopped or paused is brought back: an outage is no resource.
    reset: async () => {
      if (binary === undefined) return;
      resume();
      await start();
      await each(async (server) => void (await server.ask("flushall")));
    },
    close: stop,
  };
};
