import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StateMachineDefinition } from "../workflows/states";
import type { Statement } from "./grants";
import type { Lambda } from "./lambda";
import { physicalName } from "./naming";
import { rolePolicy } from "./rolePolicy";
import type { Settings } from "./settings";

export interface StateMachineArgs<Step extends string> {
  description: string;
  steps: Record<Step, Lambda>;
  /** The workflow, once the functions' ARNs are known. */
  definition: (functionArns: Record<Step, string>) => StateMachineDefinition;
}

const assumedByStates = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** Neither tracing nor the delivery of logs knows resources. */
const withoutResources: Statement = {
  actions: [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
  resources: ["*"],
};

/** A workflow, with its role, its log and its trace. */
export class StateMachine<Step extends string> extends pulumi.ComponentResource {
  readonly resource: aws.sfn.StateMachine;
  readonly role: aws.iam.Role;
  readonly steps: Record<Step, Lambda>;

  constructor(
    readonly label: string,
    args: StateMachineArgs<Step>,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:StateMachine", label, {}, opts);
    this.steps = args.steps;
    this.role = this.createRole(args.description);
    const policy = this.createPolicy(Object.values<Lambda>(args.steps));
    this.resource = this.createMachine(args, settings, policy);
    this.registerOutputs({ arn: this.resource.arn });
  }

  private createRole(description: string): aws.iam.Role {
    return new aws.iam.Role(
      this.label,
      { name: physicalName(this.label), assumeRolePolicy: assumedByStates, description },
      { parent: this },
    );
  }

  private createPolicy(steps: readonly Lambda[]): aws.iam.RolePolicy {
    const invoking: Statement = {
      actions: ["lambda:InvokeFunction"],
      resources: steps.map((step) => step.function.arn),
    };
    return rolePolicy(this.label, this.role, [withoutResources, invoking], { parent: this });
  }

  private createMachine(
    { steps, definition }: StateMachineArgs<Step>,
    settings: Settings,
    policy: aws.iam.RolePolicy,
  ): aws.sfn.StateMachine {
    // Under this prefix the delivery of logs needs no entry of its own in the account's one log policy.
    const logGroup = new aws.cloudwatch.LogGroup(
      this.label,
      { name: `/aws/vendedlogs/states/${physicalName(this.label)}`, retentionInDays: settings.logRetentionDays },
      { parent: this },
    );
    const entries = Object.entries<Lambda>(steps);
    const functionArns = pulumi
      .all(entries.map(([name, step]) => step.function.arn.apply((arn) => [name, arn] as const)))
      .apply((pairs) => Object.fromEntries(pairs) as Record<Step, string>);
    return new aws.sfn.StateMachine(
      this.label,
      {
        name: physicalName(this.label),
        type: "STANDARD",
        roleArn: this.role.arn,
        definition: functionArns.apply((arns) => JSON.stringify(definition(arns))),
        loggingConfiguration: {
          level: "ALL",
          includeExecutionData: false,
          logDestination: pulumi.interpolate`${logGroup.arn}:*`,
        },
        tracingConfiguration: { enabled: true },
      },
      { parent: this, dependsOn: [policy] },
    );
  }
}
