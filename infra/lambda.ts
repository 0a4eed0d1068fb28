import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dependencies } from "../package.json";
import { bundle } from "./bundle";
import type { Need, Statement } from "./grants";
import { physicalName } from "./naming";
import type { Network } from "./network";
import { rolePolicy } from "./rolePolicy";
import type { Settings } from "./settings";

type Handler = (event: never, context: aws.lambda.Context) => Promise<unknown>;

export interface LambdaArgs {
  description: string;
  /** Seconds. */
  timeout: number;
  /** Megabytes. */
  memory: number;
  needs: readonly Need[];
  /** For a function that needs something inside the VPC. @default outside, where nothing is in the way */
  network?: Network;
  /**
   * Returns the handler, and does nothing but require it from `./processing/…`: what a closure captures is rewritten by
   * Pulumi's serializer, what it requires is bundled as it is.
   */
  callbackFactory: () => Handler;
}

/** X-Ray knows no resources. */
const tracing: Statement = { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] };

/** What Lambda does in the function's name to put it into a VPC; these actions are accepted on no narrower resource. */
const joining: Statement = {
  actions: [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ],
  resources: ["*"],
};

const assumedByLambda = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** Finds the one file that the closure requires. */
export const requiredEntry = (callbackFactory: () => unknown): string => {
  const required = [...callbackFactory.toString().matchAll(/require\(["']\.\/processing\/([\w-]+)["']\)/g)];
  const [only, another] = required;
  if (!only?.[1] || another) throw new Error("a closure must require exactly one file, from ./processing/");
  return only[1];
};

/** A function, and all that belongs to it: role, log group, code, tracing, memory alarm source. */
export class Lambda extends pulumi.ComponentResource {
  readonly function: aws.lambda.CallbackFunction<never, unknown>;
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly physicalName: string;
  /** The name that the function's own metrics carry. */
  readonly metricName: string;

  constructor(
    readonly label: string,
    readonly args: LambdaArgs,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Lambda", label, {}, opts);
    this.physicalName = physicalName(label);
    this.metricName = requiredEntry(args.callbackFactory);
    this.logGroup = this.createLogGroup(settings);
    this.role = this.createRole();
    this.policy = this.createPolicy();
    this.function = this.createFunction(settings);
    this.createReportMetrics();
    this.registerOutputs({ arn: this.function.arn });
  }

  private createLogGroup(settings: Settings): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      this.label,
      { name: `/aws/lambda/${this.physicalName}`, retentionInDays: settings.logRetentionDays },
      { parent: this },
    );
  }

  private createRole(): aws.iam.Role {
    return new aws.iam.Role(
      this.label,
      { name: this.physicalName, assumeRolePolicy: assumedByLambda, description: this.args.description },
      { parent: this },
    );
  }

  private createPolicy(): aws.iam.RolePolicy {
    const logging: Statement = {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${this.logGroup.arn}:*`],
    };
    const statements = [
      logging,
      tracing,
      ...(this.args.network ? [joining] : []),
      ...this.args.needs.flatMap((need) => need.statements),
    ];
    return rolePolicy(this.label, this.role, statements, { parent: this });
  }

  private createFunction(settings: Settings): aws.lambda.CallbackFunction<never, unknown> {
    return new aws.lambda.CallbackFunction<never, unknown>(
      this.label,
      {
        name: this.physicalName,
        description: this.args.description,
        callbackFactory: this.args.callbackFactory,
        codePathOptions: { extraExcludePackages: Object.keys(dependencies) },
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        role: this.role,
        timeout: this.args.timeout,
        memorySize: this.args.memory,
        environment: { variables: this.environment(settings) },
        tracingConfig: { mode: "Active" },
        // Lambda lets every line through: the level is the logger's, and metrics are lines without a level.
        loggingConfig: {
          logFormat: "JSON",
          logGroup: this.logGroup.name,
          systemLogLevel: "INFO",
          applicationLogLevel: "TRACE",
        },
        ...(this.args.network && place(this.args.network)),
        ...(settings.reservedConcurrency > 0 && { reservedConcurrentExecutions: settings.reservedConcurrency }),
      },
      { parent: this, dependsOn: [this.policy], transformations: [withBundle(this.metricName, settings.sourceMaps)] },
    );
  }

  private environment(settings: Settings): Record<string, pulumi.Input<string>> {
    return {
      POWERTOOLS_SERVICE_NAME: physicalName("platform"),
      POWERTOOLS_LOG_LEVEL: settings.logLevel,
      DEBUG_LOG_PERCENT: String(settings.debugLogPercent),
      ...(settings.sourceMaps && { NODE_OPTIONS: "--enable-source-maps" }),
      ...Object.assign({}, ...this.args.needs.map((need) => need.environment)),
    };
  }

  /** A function sees neither how much memory it takes nor how long it took to come up; the platform's report does. */
  private createReportMetrics(): void {
    this.createReportMetric("memory", '{ $.type = "platform.report" }', {
      namespace: memoryNamespace,
      name: this.physicalName,
      value: "$.record.metrics.maxMemoryUsedMB",
      unit: "Megabytes",
    });
    // One metric for all functions: each of its own would cost as much as an alarm.
    this.createReportMetric("cold-start", '{ $.type = "platform.report" && $.record.metrics.initDurationMs > 0 }', {
      namespace: coldStartNamespace,
      name: physicalName("platform"),
      value: "$.record.metrics.initDurationMs",
      unit: "Milliseconds",
    });
  }

  private createReportMetric(
    name: string,
    pattern: string,
    metricTransformation: aws.types.input.cloudwatch.LogMetricFilterMetricTransformation,
  ): void {
    new aws.cloudwatch.LogMetricFilter(
      `${this.label}-${name}`,
      { name: `${this.physicalName}-${name}`, logGroupName: this.logGroup.name, pattern, metricTransformation },
      { parent: this },
    );
  }
}

/**
 * Private subnets, in the group that may reach the cache. Lambda keeps its network interfaces for a while after the
 * function is gone; by then they are in a group that nobody has to delete.
 */
const place = ({ privateSubnetIds, groups, defaultGroup }: Network) => ({
  vpcConfig: { subnetIds: privateSubnetIds, securityGroupIds: [groups.functions.id] },
  replaceSecurityGroupsOnDestroy: true,
  replacementSecurityGroupIds: [defaultGroup.id],
});

/** What a function may use shows in the variables that it is given. */
export const isGiven = ({ args }: Lambda, variable: string): boolean =>
  args.needs.some(({ environment }) => variable in environment);

/** Megabytes used at most, a metric for each function under its physical name. */
export const memoryNamespace = "Signal9/Memory";

/** How long functions took to come up, in milliseconds; as many values as cold starts. */
export const coldStartNamespace = "Signal9/ColdStart";

/** Replaces what Pulumi packed by the serialized closure and the one file that it requires. */
const withBundle =
  (entry: string, sourceMaps: boolean): pulumi.ResourceTransformation =>
  ({ props, opts }) => ({
    props: {
      ...props,
      code: pulumi.output(props["code"]).apply(async (packed: pulumi.asset.AssetArchive) => {
        const closure = (await packed.assets)["__index.js"];
        if (!closure) throw new Error(`Pulumi packed no closure for ${entry}`);
        const { code, sourceMap } = await bundle(entry, sourceMaps);
        return new pulumi.asset.AssetArchive({
          "__index.js": closure,
          [`processing/${entry}.js`]: new pulumi.asset.StringAsset(code),
          ...(sourceMap && { [`processing/${entry}.js.map`]: new pulumi.asset.StringAsset(sourceMap) }),
        });
      }),
    },
    opts,
  });
