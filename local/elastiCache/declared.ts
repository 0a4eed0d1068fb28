import { AwsError } from "../cloud/awsError";
import { understood } from "../cloud/understood";
import type { Declared } from "../engine/program";

export interface ParameterGroup {
  family: string;
  parameters: Record<string, string>;
}

export interface ReplicationGroup {
  id: string;
  token: string;
  nodes: number;
  parameterGroup: string;
  subnetGroup: string;
}

const refusal = ({ type, name }: Declared, reason: string): Error => new Error(`${type} ${name}: ${reason}`);

/** The parameters that are passed on to Redis, with the values that ElastiCache takes. */
const supported: Record<string, RegExp> = {
  "maxmemory-policy": /^(noeviction|volatile-ttl|(allkeys|volatile)-(lru|lfu|random))$/,
  "notify-keyspace-events": /^[AKEg$lshzxetdmn]*$/,
  timeout: /^(0|[2-9]\d|[1-9]\d{2,8})$/,
};

export const readParameterGroup = (declared: Declared): ParameterGroup => {
  understood(declared, ["name", "family", "description", "parameters", "tags", "tagsAll", "region"]);
  const { family, parameters = [] } = declared.inputs as {
    family: string;
    parameters?: { name: string; value: string }[];
  };
  if (family !== "redis7") throw refusal(declared, `family must be redis7 on the embedded cloud, not ${family}`);
  for (const { name, value } of parameters) {
    const values = supported[name];
    if (!values) throw refusal(declared, `parameter ${name} is not supported by the embedded cloud`);
    if (!values.test(value)) throw refusal(declared, `parameter ${name} cannot be ${JSON.stringify(value)}`);
  }
  return { family, parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])) };
};

const only: Record<string, unknown> = {
  engine: "redis",
  transitEncryptionEnabled: true,
  transitEncryptionMode: "required",
};
/** Looked at: taken over, or held to what ElastiCache demands. */
const checked = [
  "replicationGroupId",
  "engineVersion",
  "nodeType",
  "numCacheClusters",
  "automaticFailoverEnabled",
  "multiAzEnabled",
  "parameterGroupName",
  "subnetGroupName",
  "authToken",
  "snapshotWindow",
  "maintenanceWindow",
];
/** Understood, and without a local effect: there is one node, on a port that is free, and it is as new at each start. */
const withoutEffect = [
  "port",
  "description",
  "securityGroupIds",
  "atRestEncryptionEnabled",
  "kmsKeyId",
  "authTokenUpdateStrategy",
  "autoMinorVersionUpgrade",
  "snapshotRetentionLimit",
  "applyImmediately",
  "tags",
  "tagsAll",
  "region",
];

/** Each that must hold, or ElastiCache refuses the group. The token itself is not repeated. */
const rules: Record<string, RegExp> = {
  replicationGroupId: /^(?=.{1,40}$)[a-z](-?[a-z0-9])*$/,
  engineVersion: /^7\.[01]$/,
  nodeType: /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
  authToken: /^[A-Za-z0-9!&#$^<>-]{16,128}$/,
};

export const readReplicationGroup = (declared: Declared): ReplicationGroup => {
  understood(declared, [...Object.keys(only), ...checked, ...withoutEffect]);
  const { inputs } = declared;
  for (const [property, value] of Object.entries(only)) {
    if (inputs[property] === value) continue;
    const found = JSON.stringify(inputs[property]);
    throw refusal(declared, `${property} must be ${JSON.stringify(value)} on the embedded cloud, not ${found}`);
  }
  for (const [property, rule] of Object.entries(rules)) {
    if (!rule.test(String(inputs[property] ?? "")))
      throw refusal(declared, `${property} is not as ElastiCache wants it`);
  }
  const nodes = Number(inputs["numCacheClusters"] ?? 1);
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 6) throw refusal(declared, "numCacheClusters must be 1 to 6");
  if (inputs["automaticFailoverEnabled"] === true && nodes < 2)
    throw refusal(declared, "automaticFailoverEnabled needs a second node");
  if (inputs["multiAzEnabled"] === true && inputs["automaticFailoverEnabled"] !== true)
    throw refusal(declared, "multiAzEnabled needs automaticFailoverEnabled");
  checkWindows(declared);
  return {
    id: String(inputs["replicationGroupId"]),
    token: String(inputs["authToken"]),
    nodes,
    parameterGroup: String(inputs["parameterGroupName"]),
    subnetGroup: String(inputs["subnetGroupName"]),
  };
};

const day = 24 * 60;
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const moment = "(?:(mon|tue|wed|thu|fri|sat|sun):)?([01]\\d|2[0-3]):([0-5]\\d)";
const windowPattern = new RegExp(`^${moment}-${moment}$`);

/** Minutes of the week, or of the day where no day of the week is named. */
const readWindow = (declared: Declared, property: string): [number, number] | undefined => {
  const value = declared.inputs[property];
  if (value === undefined) return undefined;
  const parts = windowPattern.exec(String(value));
  const weekly = property === "maintenanceWindow";
  if (!parts || (parts[1] !== undefined) !== weekly || (parts[4] !== undefined) !== weekly)
    throw refusal(declared, `${property} must be a window such as ${weekly ? "sun:09:00-sun:10:00" : "01:00-02:00"}`);
  const at = (name: string | undefined, hour = "", minute = "") =>
    Math.max(0, days.indexOf(name ?? "")) * day + Number(hour) * 60 + Number(minute);
  const from = at(parts[1], parts[2], parts[3]);
  const to = at(parts[4], parts[5], parts[6]);
  const cycle = weekly ? 7 * day : day;
  const length = (to - from + cycle) % cycle;
  if (length < 60) throw refusal(declared, `${property} must last for an hour at least`);
  return [from, from + length];
};

const checkWindows = (declared: Declared): void => {
  const snapshot = readWindow(declared, "snapshotWindow");
  const maintenance = readWindow(declared, "maintenanceWindow");
  if (!snapshot || !maintenance) return;
  const [from, to] = maintenance;
  // From the evening before the week begins to the morning after it has ended: windows may span midnight.
  for (let start = snapshot[0] - day; start < 9 * day; start += day) {
    const end = start + snapshot[1] - snapshot[0];
    if (start < to && from < end) throw refusal(declared, "snapshotWindow and maintenanceWindow must not overlap");
  }
};

export const notFound = (kind: "CacheParameterGroup" | "CacheSubnetGroup", name: string): AwsError =>
  new AwsError(`${kind}NotFound`, `${kind} ${name} not found.`, 404);
