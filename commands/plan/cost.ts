import type { ProgramRun, Resource } from "../../local/engine/program";
import type { Plan } from "./plan";

/** Hours of a month, as AWS's own calculator counts. */
const hours = 730;

/** Dollars an hour and node, on demand in us-east-1. */
const cacheNodes: Record<string, number> = {
  "cache.t3.micro": 0.017,
  "cache.t3.small": 0.034,
  "cache.t3.medium": 0.068,
  "cache.t4g.micro": 0.016,
  "cache.t4g.small": 0.032,
  "cache.t4g.medium": 0.065,
};
const searchNodes: Record<string, number> = {
  "t3.small.search": 0.036,
  "t3.medium.search": 0.073,
  "m6g.large.search": 0.128,
  "r6g.large.search": 0.167,
};

const perGb = 0.122;

export interface CostLine {
  what: string;
  count: number;
  /** Of one of them. Unknown where the size is not in the list. */
  monthly: number | undefined;
}

type Priced = (resource: Resource) => { count?: number; monthly: number | undefined };

const interfaceEndpoint: Priced = ({ inputs }) =>
  inputs["vpcEndpointType"] === "Interface"
    ? { monthly: 0.01 * hours * ((inputs["subnetIds"] as unknown[] | undefined)?.length ?? 0) }
    : { count: 0, monthly: 0 };

const domain: Priced = ({ inputs }) => {
  const { instanceType = "", instanceCount = 1 } = (inputs["clusterConfig"] ?? {}) as {
    instanceType?: string;
    instanceCount?: number;
  };
  const { volumeSize = 0 } = (inputs["ebsOptions"] ?? {}) as { volumeSize?: number };
  const node = searchNodes[instanceType];
  return { count: instanceCount, monthly: node === undefined ? undefined : node * hours + volumeSize * perGb };
};

const cache: Priced = ({ inputs }) => {
  const node = cacheNodes[String(inputs["nodeType"])];
  return { count: Number(inputs["numCacheClusters"] ?? 1), monthly: node === undefined ? undefined : node * hours };
};

const stream: Priced = ({ inputs }) => {
  const { streamMode } = (inputs["streamModeDetails"] ?? {}) as { streamMode?: string };
  return streamMode === "ON_DEMAND"
    ? { monthly: 0.04 * hours }
    : { count: Number(inputs["shardCount"] ?? 1), monthly: 0.015 * hours };
};

/** AWS counts each metric that an alarm reads as an alarm. */
const alarm: Priced = ({ inputs }) => {
  const queries = (inputs["metricQueries"] ?? []) as { metric?: unknown }[];
  return { count: queries.filter(({ metric }) => metric !== undefined).length, monthly: 0.1 };
};

/** What costs by the month, used or not. Whatever is not here costs by its use alone. */
const prices: Record<string, { what: string; of: Priced }> = {
  "aws:ec2/vpcEndpoint:VpcEndpoint": { what: "interface endpoints", of: interfaceEndpoint },
  "aws:opensearch/domain:Domain": { what: "search nodes with their storage", of: domain },
  "aws:elasticache/replicationGroup:ReplicationGroup": { what: "cache nodes", of: cache },
  "aws:kinesis/stream:Stream": { what: "streams on demand, or shards", of: stream },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { what: "metrics read by alarms", of: alarm },
  "aws:cloudwatch/dashboard:Dashboard": { what: "dashboards", of: () => ({ monthly: 3 }) },
  "aws:kms/key:Key": { what: "customer keys", of: () => ({ monthly: 1 }) },
  "aws:secretsmanager/secret:Secret": { what: "secrets", of: () => ({ monthly: 0.4 }) },
};

const remote: Record<string, { what: string; monthly: number }> = {
  "aws:ec2/natGateway:NatGateway": { what: "NAT gateways", monthly: 0.045 * hours },
  "aws:ec2/eip:Eip": { what: "public addresses", monthly: 0.005 * hours },
};

/** What the stack costs a month before anything happens in it, dearest first. */
export const fixedCost = ({ resources }: ProgramRun, planned: Plan["resources"]): CostLine[] => {
  const lines = new Map<string, CostLine>();
  const add = (what: string, count: number, monthly: number | undefined) => {
    const line = lines.get(what) ?? { what, count: 0, monthly };
    line.count += count;
    if (count > 0) line.monthly = monthly;
    lines.set(what, line);
  };
  for (const resource of resources) {
    const priced = prices[resource.type];
    if (!priced) continue;
    const { count = 1, monthly } = priced.of(resource);
    add(priced.what, count, monthly);
  }
  for (const { type } of planned) {
    const priced = remote[type];
    if (priced) add(priced.what, 1, priced.monthly);
  }
  return [...lines.values()]
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count * (b.monthly ?? 0) - a.count * (a.monthly ?? 0));
};

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

export const costLines = (lines: readonly CostLine[]): string[] => {
  const total = lines.reduce((sum, { count, monthly = 0 }) => sum + count * monthly, 0);
  const unknown = lines.filter(({ monthly }) => monthly === undefined);
  return [
    ...lines.map(({ what, count, monthly }) =>
      monthly === undefined
        ? `  ${"?".padStart(9)}  ${count} ${what}, of a size whose price is not known here`
        : `  ${dollars(count * monthly).padStart(9)}  ${count} ${what}, ${dollars(monthly)} each`,
    ),
    `  ${dollars(total).padStart(9)}  a month${unknown.length > 0 ? ", and what is not known" : ""}`,
  ];
};
