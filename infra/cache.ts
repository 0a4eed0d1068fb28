import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "./naming";
import { cachePort, type Network } from "./network";
import { createSecret, type Secret } from "./secrets";
import type { Settings } from "./settings";

/** A cache forgets what was not asked for the longest, tells of what expired, and drops clients that are gone. */
const parameters = {
  "maxmemory-policy": "allkeys-lru",
  "notify-keyspace-events": "Ex",
  timeout: "300",
};

/** The nightly jobs run from 03:00 to 08:00 UTC: neither a snapshot nor maintenance may fall into these hours. */
const snapshotWindow = "01:00-02:00";
const maintenanceWindow = "sun:09:00-sun:10:00";
const snapshotsKept = 7;

/** Redis: reached by functions inside the VPC only, over TLS, with a token that nobody ever sees. */
export class Cache extends pulumi.ComponentResource {
  readonly resource: aws.elasticache.ReplicationGroup;
  readonly secret: Secret;

  constructor(
    readonly label: string,
    { network, settings }: { network: Network; settings: Settings },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Cache", label, {}, opts);
    const token = this.createToken();
    this.resource = this.createGroup(token, network, settings);
    // After the group: a function that reads a rotated token finds it valid.
    this.secret = createSecret(
      label,
      token.apply((value) => JSON.stringify({ token: value })),
      settings,
      { parent: this, dependsOn: [this.resource] },
    );
    this.registerOutputs({});
  }

  /** Replacing this resource rotates the token. ElastiCache refuses most special characters. */
  private createToken(): pulumi.Output<string> {
    return new random.RandomPassword(
      `${this.label}-token`,
      { length: 64, special: false, minLower: 1, minUpper: 1, minNumeric: 1 },
      { parent: this },
    ).result;
  }

  private createGroup(
    token: pulumi.Output<string>,
    network: Network,
    settings: Settings,
  ): aws.elasticache.ReplicationGroup {
    const subnets = new aws.elasticache.SubnetGroup(
      this.label,
      { name: physicalName(this.label), description: "Private subnets", subnetIds: network.privateSubnetIds },
      { parent: this },
    );
    const parameterGroup = new aws.elasticache.ParameterGroup(
      this.label,
      {
        name: physicalName(this.label),
        family: "redis7",
        description: `Cache of ${physicalName("platform")}`,
        parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
      },
      { parent: this },
    );
    const standby = settings.cacheNodes > 1;
    return new aws.elasticache.ReplicationGroup(
      this.label,
      {
        replicationGroupId: physicalName(this.label),
        description: "Normalised data that was fetched in the last hour",
        engine: "redis",
        engineVersion: "7.1",
        nodeType: settings.cacheNodeType,
        numCacheClusters: settings.cacheNodes,
        automaticFailoverEnabled: standby,
        multiAzEnabled: standby,
        port: cachePort,
        parameterGroupName: parameterGroup.name,
        subnetGroupName: subnets.name,
        securityGroupIds: [network.groups.cache.id],
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: token,
        // The old token stays valid beside the new one until the next rotation.
        authTokenUpdateStrategy: "ROTATE",
        autoMinorVersionUpgrade: true,
        snapshotRetentionLimit: snapshotsKept,
        snapshotWindow,
        maintenanceWindow,
        // Where data is guarded, a change that interrupts waits for the maintenance window.
        applyImmediately: !settings.protect,
      },
      { parent: this },
    );
  }
}
