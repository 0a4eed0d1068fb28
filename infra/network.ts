import * as aws from "@pulumi/aws";
import * as ec2 from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./naming";
import type { Settings } from "./settings";

const zones = 2;
const gatewayServices = ["s3", "dynamodb"];
/** HTTPS is let out to everywhere. */
const httpsPort = 443;
export const cachePort = 6379;
const interfaceServices = ["events", "sqs", "sns", "secretsmanager"];

/** Groups of network members, each with those that may reach it and on which port. No address range may reach any. */
const groups = {
  functions: { description: "Functions that work inside the VPC", reachedBy: [] },
  endpoints: { description: "Private endpoints of AWS services", reachedBy: [{ group: "functions", port: httpsPort }] },
  cache: { description: "Redis", reachedBy: [{ group: "functions", port: cachePort }] },
  search: { description: "OpenSearch", reachedBy: [{ group: "functions", port: httpsPort }] },
} as const satisfies Record<string, { description: string; reachedBy: { group: string; port: number }[] }>;

export type GroupName = keyof typeof groups;

/** One VPC over two zones. Only functions that need something inside it join. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly groups: Record<GroupName, aws.ec2.SecurityGroup>;
  /** The group that AWS gives every VPC: nothing can be reached by it, and it can never be deleted. */
  readonly defaultGroup: aws.ec2.DefaultSecurityGroup;

  constructor(name: string, settings: Settings, opts?: pulumi.ComponentResourceOptions) {
    super("signal9:Network", name, {}, opts);
    const vpc = this.createVpc(name, settings);
    this.vpcId = vpc.vpcId;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.defaultGroup = this.shutDefaultGroup(name);
    this.groups = this.createGroups();
    this.createGatewayEndpoints(vpc);
    if (settings.interfaceEndpoints) this.createInterfaceEndpoints();
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private createVpc(name: string, settings: Settings): ec2.Vpc {
    const vpc = new ec2.Vpc(
      name,
      {
        cidrBlock: settings.vpcCidr,
        numberOfAvailabilityZones: zones,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        subnetStrategy: ec2.SubnetAllocationStrategy.Auto,
        subnetSpecs: [
          { type: ec2.SubnetType.Public, cidrMask: 24 },
          { type: ec2.SubnetType.Private, cidrMask: 24 },
        ],
        natGateways: {
          strategy: settings.nat === "perAz" ? ec2.NatGatewayStrategy.OnePerAz : ec2.NatGatewayStrategy.Single,
        },
        tags: { Name: physicalName(name) },
      },
      { parent: this },
    );
    return vpc;
  }

  /** As AWS makes it, its members may talk to each other; nothing shall be able to join it usefully. */
  private shutDefaultGroup(name: string): aws.ec2.DefaultSecurityGroup {
    return new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: this.vpcId, ingress: [], egress: [] },
      { parent: this },
    );
  }

  private createGroups(): Record<GroupName, aws.ec2.SecurityGroup> {
    const make = (name: GroupName) =>
      new aws.ec2.SecurityGroup(
        `${name}-group`,
        {
          vpcId: this.vpcId,
          name: physicalName(name),
          description: groups[name].description,
          tags: { Name: physicalName(name) },
        },
        { parent: this },
      );
    const made = {
      functions: make("functions"),
      endpoints: make("endpoints"),
      cache: make("cache"),
      search: make("search"),
    };
    for (const [name, { reachedBy }] of Object.entries(groups) as [GroupName, (typeof groups)[GroupName]][]) {
      for (const { group, port } of reachedBy) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-from-${group}`,
          {
            securityGroupId: made[name].id,
            referencedSecurityGroupId: made[group].id,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            description: `${group} to ${name}`,
          },
          { parent: this },
        );
        if (port !== httpsPort) this.letOut(made, group, name, port);
      }
    }
    new aws.vpc.SecurityGroupEgressRule(
      "functions-to-https",
      {
        securityGroupId: made.functions.id,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: httpsPort,
        toPort: httpsPort,
        description: "AWS services and the market data providers, through the NAT gateway",
      },
      { parent: this },
    );
    return made;
  }

  private letOut(made: Record<GroupName, aws.ec2.SecurityGroup>, from: GroupName, to: GroupName, port: number): void {
    new aws.vpc.SecurityGroupEgressRule(
      `${from}-to-${to}`,
      {
        securityGroupId: made[from].id,
        referencedSecurityGroupId: made[to].id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description: `${from} to ${to}`,
      },
      { parent: this },
    );
  }

  private createGatewayEndpoints(vpc: ec2.Vpc): void {
    const region = aws.getRegionOutput({}, { parent: this }).region;
    for (const service of gatewayServices) {
      new aws.ec2.VpcEndpoint(
        `${service}-endpoint`,
        {
          vpcId: vpc.vpcId,
          serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Gateway",
          routeTableIds: vpc.routeTables.apply((tables) => tables.map((table) => table.id)),
          tags: { Name: physicalName(service) },
        },
        { parent: this },
      );
    }
  }

  private createInterfaceEndpoints(): void {
    const region = aws.getRegionOutput({}, { parent: this }).region;
    for (const service of interfaceServices) {
      new aws.ec2.VpcEndpoint(
        `${service}-endpoint`,
        {
          vpcId: this.vpcId,
          serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: this.privateSubnetIds,
          securityGroupIds: [this.groups.endpoints.id],
          tags: { Name: physicalName(service) },
        },
        { parent: this },
      );
    }
  }
}

/** What awsx's Vpc, a remote component that offline commands cannot look into, makes of our arguments. */
export const vpcChildren = (natStrategy: string): { type: string; count: number }[] => {
  const natGateways = natStrategy === ec2.NatGatewayStrategy.OnePerAz ? zones : 1;
  const subnets = 2 * zones;
  return [
    { type: "aws:ec2/vpc:Vpc", count: 1 },
    { type: "aws:ec2/internetGateway:InternetGateway", count: 1 },
    { type: "aws:ec2/subnet:Subnet", count: subnets },
    { type: "aws:ec2/routeTable:RouteTable", count: subnets },
    { type: "aws:ec2/routeTableAssociation:RouteTableAssociation", count: subnets },
    { type: "aws:ec2/route:Route", count: subnets },
    { type: "aws:ec2/eip:Eip", count: natGateways },
    { type: "aws:ec2/natGateway:NatGateway", count: natGateways },
  ];
};
