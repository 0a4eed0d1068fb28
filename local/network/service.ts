import { createHash } from "node:crypto";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Realise, Service } from "../cloud/service";
import { understood } from "../cloud/understood";
import { awsQuery } from "../gateway/awsQuery";

/** An id such as AWS gives, the same for the same name. */
const idOf = (kind: string, name: string): string =>
  `${kind}-0${createHash("sha256").update(`${kind} ${name}`).digest("hex").slice(0, 16)}`;

const arnOf = (kind: string, id: string): string => `arn:aws:ec2:${region}:${account}:${kind}/${id}`;

/** A resource that is only told of: no packet is routed here, and every function reaches what it has keys for. */
const told =
  (prefix: string, kind: string, properties: readonly string[]): Realise =>
  (declared) => {
    understood(declared, [...properties, "tags", "tagsAll", "region"]);
    const id = idOf(prefix, declared.name);
    return { id, outputs: { ...declared.inputs, arn: arnOf(kind, id) } };
  };

const vpcProperties = [
  "cidrBlock",
  "numberOfAvailabilityZones",
  "enableDnsHostnames",
  "enableDnsSupport",
  "subnetStrategy",
  "subnetSpecs",
  "natGateways",
  "tags",
];

/** awsx makes this one out of many; the program sees only its outputs. */
const vpc: Realise = (declared) => {
  understood(declared, vpcProperties);
  const { name, inputs } = declared;
  const subnets = (kind: string) => ["1", "2"].map((zone) => idOf("subnet", `${name} ${kind} ${zone}`));
  const publicSubnetIds = subnets("public");
  const privateSubnetIds = subnets("private");
  return {
    id: name,
    outputs: {
      ...inputs,
      vpcId: idOf("vpc", name),
      publicSubnetIds,
      privateSubnetIds,
      isolatedSubnetIds: [],
      routeTables: [...publicSubnetIds, ...privateSubnetIds].map((subnet) => ({ id: idOf("rtb", subnet) })),
    },
  };
};

const ruleProperties = [
  "securityGroupId",
  "referencedSecurityGroupId",
  "cidrIpv4",
  "ipProtocol",
  "fromPort",
  "toPort",
  "description",
];

/** The VPC and what belongs to it. */
export const createNetwork = (_cloud: Cloud): Service => ({
  signingName: "ec2",
  protocol: awsQuery({ namespace: "http://ec2.amazonaws.com/doc/2016-11-15/" }),
  operations: {},
  resources: {
    "awsx:ec2:Vpc": vpc,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": told("sg", "security-group", ["vpcId", "ingress", "egress"]),
    "aws:ec2/securityGroup:SecurityGroup": told("sg", "security-group", ["vpcId", "name", "description"]),
    "aws:ec2/vpcEndpoint:VpcEndpoint": told("vpce", "vpc-endpoint", [
      "vpcId",
      "serviceName",
      "vpcEndpointType",
      "routeTableIds",
      "privateDnsEnabled",
      "subnetIds",
      "securityGroupIds",
    ]),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": told("sgr", "security-group-rule", ruleProperties),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": told("sgr", "security-group-rule", ruleProperties),
  },
  reset: () => undefined,
  close: () => undefined,
});
