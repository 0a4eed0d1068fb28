import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permissions, type Use, uses } from "../functions/processing/search/admit";
import { embeddingModel } from "../functions/processing/search/embed/model";
import { definitionOf, indexNames } from "../functions/processing/search/indices";
import { type Need, type Statement, searchCalls } from "./grants";
import type { Lambda } from "./lambda";
import { domainNameOf, physicalName, stack } from "./naming";
import type { Network } from "./network";
import type { Settings } from "./settings";

const volumeGigabytes = 20;
const zones = 2;
/** OpenSearch is tended to for ten hours from here, UTC: the nightly jobs run from 03:00 to 08:00. */
const offPeakHour = 9;
const logTypes = ["ES_APPLICATION_LOGS", "SEARCH_SLOW_LOGS", "INDEX_SLOW_LOGS"];

const domainName = (): string => domainNameOf(stack());

const domainArn = (): pulumi.Output<string> =>
  pulumi
    .all([aws.getRegionOutput().region, aws.getCallerIdentityOutput().accountId])
    .apply(([region, account]) => `arn:aws:es:${region}:${account}:domain/${domainName()}`);

const everything = (arn: pulumi.Output<string>): Statement => ({
  actions: ["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpPost", "es:ESHttpDelete"],
  resources: [arn.apply((value) => `${value}/*`)],
});

/** What the domain's master may do: all that is within it. It is there before the domain, which is made with its role. */
export const administerSearch = (): Need => ({ environment: {}, statements: [everything(domainArn())] });

/** What turning texts into vectors takes. */
export const embedWith = ({ embedder }: Settings): Need => ({
  environment: { EMBEDDER: embedder },
  statements:
    embedder === "bedrock"
      ? [
          {
            actions: ["bedrock:InvokeModel"],
            resources: [
              aws
                .getRegionOutput()
                .region.apply((region) => `arn:aws:bedrock:${region}::foundation-model/${embeddingModel}`),
            ],
          },
        ]
      : [],
});

export interface SearchArgs {
  network: Network;
  settings: Settings;
  /** The function that makes the domain fit for use. Its role is the domain's master. */
  master: Lambda;
}

const policyOf = (entries: readonly { role: string; actions: readonly string[]; resources: readonly string[] }[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: entries.map(({ role, actions, resources }) => ({
      Effect: "Allow",
      Principal: { AWS: role },
      Action: actions,
      Resource: resources,
    })),
  });

/** OpenSearch: inside the VPC, over TLS, for roles that are named, each of which may do what it is there for. */
export class Search extends pulumi.ComponentResource {
  readonly resource: aws.opensearch.Domain;
  private readonly args: SearchArgs;

  constructor(
    readonly label: string,
    args: SearchArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Search", label, {}, opts);
    this.args = args;
    this.resource = this.createDomain();
    this.registerOutputs({ arn: this.resource.arn });
  }

  /** Lets these functions in, each for its use, and has the indices made that they expect. To be called once. */
  admit(users: Record<Use, readonly Lambda[]>): void {
    const policy = this.createPolicy(users);
    this.prepare(users, [policy, this.args.network]);
  }

  private createDomain(): aws.opensearch.Domain {
    const { network, settings, master } = this.args;
    const { group, policy } = this.createLog();
    return new aws.opensearch.Domain(
      this.label,
      {
        domainName: domainName(),
        engineVersion: "OpenSearch_2.19",
        clusterConfig: {
          instanceType: settings.searchNodeType,
          instanceCount: settings.searchNodes,
          zoneAwarenessEnabled: true,
          zoneAwarenessConfig: { availabilityZoneCount: zones },
        },
        ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: volumeGigabytes },
        encryptAtRest: { enabled: true },
        nodeToNodeEncryption: { enabled: true },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
        vpcOptions: { subnetIds: network.privateSubnetIds, securityGroupIds: [network.groups.search.id] },
        advancedSecurityOptions: {
          enabled: true,
          internalUserDatabaseEnabled: false,
          masterUserOptions: { masterUserArn: master.role.arn },
        },
        offPeakWindowOptions: {
          enabled: true,
          offPeakWindow: { windowStartTime: { hours: offPeakHour, minutes: 0 } },
        },
        logPublishingOptions: logTypes.map((logType) => ({ logType, cloudwatchLogGroupArn: group.arn })),
      },
      {
        parent: this,
        protect: settings.protect,
        dependsOn: [policy, ...(settings.createServiceLinkedRoles ? [this.createServiceLinkedRole()] : [])],
      },
    );
  }

  /** The account's one role that lets OpenSearch into a VPC. It stays when the stack goes: others may use it. */
  private createServiceLinkedRole(): aws.iam.ServiceLinkedRole {
    return new aws.iam.ServiceLinkedRole(
      this.label,
      { awsServiceName: "opensearchservice.amazonaws.com" },
      { parent: this, retainOnDelete: true },
    );
  }

  private createLog() {
    const group = new aws.cloudwatch.LogGroup(
      this.label,
      {
        name: `/aws/vendedlogs/opensearch/${physicalName(this.label)}`,
        retentionInDays: this.args.settings.logRetentionDays,
      },
      { parent: this },
    );
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const policy = new aws.cloudwatch.LogResourcePolicy(
      this.label,
      {
        policyName: physicalName(this.label),
        policyDocument: pulumi.all([group.arn, domainArn(), account]).apply(([groupArn, source, id]) =>
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "SearchLogs",
                Effect: "Allow",
                Principal: { Service: "es.amazonaws.com" },
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                Resource: `${groupArn}:*`,
                Condition: { StringEquals: { "aws:SourceAccount": id }, ArnLike: { "aws:SourceArn": source } },
              },
            ],
          }),
        ),
      },
      { parent: this },
    );
    return { group, policy };
  }

  private createPolicy(users: Record<Use, readonly Lambda[]>): aws.opensearch.DomainPolicy {
    const { arn, domainName: name } = this.resource;
    const grants = [
      { lambda: this.args.master, statement: everything(arn) },
      ...uses.flatMap((use) => users[use].map((lambda) => ({ lambda, statement: searchCalls(arn, use) }))),
    ];
    const entries = grants.map(({ lambda, statement: { actions, resources } }) =>
      pulumi
        .all([lambda.role.arn, pulumi.all([...resources])])
        .apply(([role, known]) => ({ role, actions, resources: known })),
    );
    return new aws.opensearch.DomainPolicy(
      this.label,
      { domainName: name, accessPolicies: pulumi.all(entries).apply(policyOf) },
      { parent: this },
    );
  }

  /** Runs with every deployment that changes an index, a permission or a role. */
  private prepare(users: Record<Use, readonly Lambda[]>, dependsOn: pulumi.Resource[]): void {
    const meant = { indices: indexNames.map((index) => definitionOf(index)), permissions };
    const roles = uses.map((use) =>
      pulumi.all(users[use].map((lambda) => lambda.role.arn)).apply((arns) => [use, arns] as const),
    );
    new aws.lambda.Invocation(
      this.label,
      {
        functionName: this.args.master.function.name,
        input: pulumi
          .all([this.resource.endpoint, pulumi.all(roles)])
          .apply(([endpoint, known]) =>
            JSON.stringify({ endpoint: `https://${endpoint}`, roles: Object.fromEntries(known) }),
          ),
        triggers: { meant: createHash("sha256").update(JSON.stringify(meant)).digest("hex") },
      },
      { parent: this, dependsOn },
    );
  }
}
