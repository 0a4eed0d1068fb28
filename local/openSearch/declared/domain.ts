import { understood } from "../../cloud/understood";
import type { Declared } from "../../engine/program";
import { isObject, type Json } from "../json";

export interface DeclaredDomain {
  name: string;
  version: string;
  masterUser: string | undefined;
  /** A policy as text or as an object, if there is one. */
  accessPolicies: unknown;
}

const refusal = ({ type, name }: Declared, reason: string): Error => new Error(`${type} ${name}: ${reason}`);

/** What a block of properties may have, by its name. */
const blocks: Readonly<Record<string, readonly string[]>> = {
  clusterConfig: [
    "instanceType",
    "instanceCount",
    "zoneAwarenessEnabled",
    "zoneAwarenessConfig",
    "dedicatedMasterEnabled",
    "dedicatedMasterType",
    "dedicatedMasterCount",
    "multiAzWithStandbyEnabled",
  ],
  ebsOptions: ["ebsEnabled", "volumeType", "volumeSize", "iops", "throughput"],
  encryptAtRest: ["enabled", "kmsKeyId"],
  nodeToNodeEncryption: ["enabled"],
  domainEndpointOptions: ["enforceHttps", "tlsSecurityPolicy"],
  vpcOptions: ["subnetIds", "securityGroupIds"],
  advancedSecurityOptions: ["enabled", "internalUserDatabaseEnabled", "anonymousAuthEnabled", "masterUserOptions"],
  softwareUpdateOptions: ["autoSoftwareUpdateEnabled"],
  offPeakWindowOptions: ["enabled", "offPeakWindow"],
  autoTuneOptions: ["desiredState", "rollbackOnDisable", "useOffPeakWindow"],
};
/** Understood, and without a local effect beside what is checked of them below. */
const others = ["domainName", "engineVersion", "accessPolicies", "logPublishingOptions", "ipAddressType"];
const withoutEffect = ["tags", "tagsAll", "region", "advancedOptions"];

const block = ({ inputs }: Declared, name: string): Json => {
  const value = inputs[name];
  return isObject(value) ? value : {};
};

const checkBlocks = (declared: Declared): void => {
  understood(declared, [...Object.keys(blocks), ...others, ...withoutEffect]);
  for (const [name, known] of Object.entries(blocks)) {
    const stranger = Object.keys(block(declared, name)).find((property) => !known.includes(property));
    if (stranger) throw refusal(declared, `property ${name}.${stranger} is not supported by the embedded cloud`);
  }
  for (const one of [declared.inputs["logPublishingOptions"] ?? []].flat()) {
    understood({ ...declared, inputs: one as Json }, ["logType", "cloudwatchLogGroupArn", "enabled"]);
  }
};

const tlsPolicies = [
  "Policy-Min-TLS-1-0-2019-07",
  "Policy-Min-TLS-1-2-2019-07",
  "Policy-Min-TLS-1-2-PFS-2023-10",
  "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
];

/** Zones: as many subnets as there are, and nodes in each. */
const checkZones = (declared: Declared): void => {
  const cluster = block(declared, "clusterConfig");
  const { subnetIds } = block(declared, "vpcOptions");
  const nodes = Number(cluster["instanceCount"] ?? 1);
  const aware = cluster["zoneAwarenessEnabled"] === true;
  const config = isObject(cluster["zoneAwarenessConfig"]) ? cluster["zoneAwarenessConfig"] : {};
  const zones = aware ? Number(config["availabilityZoneCount"] ?? 2) : 1;
  if (aware && nodes % zones !== 0) {
    throw refusal(declared, `clusterConfig.instanceCount must be a multiple of the ${zones} zones, not ${nodes}`);
  }
  if (Array.isArray(subnetIds) && subnetIds.length !== zones) {
    throw refusal(declared, `vpcOptions.subnetIds: you must specify exactly ${zones} subnet${zones === 1 ? "" : "s"}`);
  }
};

const checkInstances = (declared: Declared): void => {
  const type = String(block(declared, "clusterConfig")["instanceType"] ?? "m5.large.search");
  if (!/^[a-z0-9]+\.[a-z0-9]+\.search$/.test(type)) {
    throw refusal(declared, "clusterConfig.instanceType must be one such as t3.small.search");
  }
  if (block(declared, "autoTuneOptions")["desiredState"] === "ENABLED" && /^t[23]\./.test(type)) {
    throw refusal(declared, "autoTuneOptions: Auto-Tune is not supported on t2 and t3 instances");
  }
  const ebs = block(declared, "ebsOptions");
  if (/^[tm][2345]\./.test(type) && (ebs["ebsEnabled"] !== true || ebs["volumeSize"] === undefined)) {
    throw refusal(declared, `ebsOptions: ${type} has no storage of its own: ebsEnabled and volumeSize must be set`);
  }
};

/** Fine-grained access is only to be had with encryption everywhere, and here with a role as its master user. */
const readMasterUser = (declared: Declared): string | undefined => {
  const security = block(declared, "advancedSecurityOptions");
  if (security["enabled"] !== true) return undefined;
  const needed: [string, boolean][] = [
    ["encryptAtRest.enabled", block(declared, "encryptAtRest")["enabled"] === true],
    ["nodeToNodeEncryption.enabled", block(declared, "nodeToNodeEncryption")["enabled"] === true],
    ["domainEndpointOptions.enforceHttps", block(declared, "domainEndpointOptions")["enforceHttps"] === true],
  ];
  const lacking = needed.filter(([, there]) => !there).map(([name]) => name);
  if (lacking.length > 0) throw refusal(declared, `advancedSecurityOptions needs ${lacking.join(", ")}`);
  if (security["internalUserDatabaseEnabled"] === true) {
    throw refusal(
      declared,
      "advancedSecurityOptions.internalUserDatabaseEnabled is not supported by the embedded cloud",
    );
  }
  const { masterUserArn } = (security["masterUserOptions"] ?? {}) as Json;
  if (typeof masterUserArn !== "string" || !/^arn:aws:iam::\d{12}:(role|user)\/.+$/.test(masterUserArn)) {
    throw refusal(declared, "advancedSecurityOptions.masterUserOptions.masterUserArn must be the ARN of a role");
  }
  return masterUserArn;
};

/** Reads a domain, and refuses what AWS would, or what nothing here does. */
export const readDomain = (declared: Declared): DeclaredDomain => {
  checkBlocks(declared);
  const { domainName, engineVersion, accessPolicies } = declared.inputs;
  if (!/^[a-z][a-z0-9-]{2,27}$/.test(String(domainName))) {
    throw refusal(declared, "domainName must have 3 to 28 characters: lower case letters, digits and hyphens");
  }
  const [, version] = /^OpenSearch_(2\.\d+)$/.exec(String(engineVersion)) ?? [];
  if (version === undefined) throw refusal(declared, `engineVersion must be an OpenSearch_2.x, not ${engineVersion}`);
  const { enforceHttps, tlsSecurityPolicy } = block(declared, "domainEndpointOptions");
  if (enforceHttps !== true) {
    throw refusal(declared, "domainEndpointOptions.enforceHttps must be true on the embedded cloud");
  }
  if (tlsSecurityPolicy !== undefined && !tlsPolicies.includes(String(tlsSecurityPolicy))) {
    throw refusal(declared, `domainEndpointOptions.tlsSecurityPolicy must be one of ${tlsPolicies.join(", ")}`);
  }
  checkZones(declared);
  checkInstances(declared);
  return { name: String(domainName), version: `${version}.0`, masterUser: readMasterUser(declared), accessPolicies };
};
