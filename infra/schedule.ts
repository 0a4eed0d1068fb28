import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { sendTo } from "./grants";
import { Lambda, type LambdaArgs } from "./lambda";
import { physicalName } from "./naming";
import { admit, createDeadLetterQueue } from "./queue";
import type { Settings } from "./settings";

export interface ScheduleArgs {
  /** In EventBridge's syntax, UTC. */
  expression: `rate(${string})` | `cron(${string})`;
  function: LambdaArgs;
}

const retries = 2;
const eventAgeSeconds = 3_600;

/** A function that runs by the clock. Rules on schedules live on the default bus; AWS allows them nowhere else. */
export class Schedule extends pulumi.ComponentResource {
  readonly rule: aws.cloudwatch.EventRule;
  readonly lambda: Lambda;
  /** Runs that could not be started, and runs that kept failing. */
  readonly deadLetters: aws.sqs.Queue;

  constructor(
    readonly label: string,
    args: ScheduleArgs,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Schedule", label, {}, opts);
    this.deadLetters = createDeadLetterQueue(`${label}-dlq`, args.function.timeout, { parent: this });
    const needs = [sendTo(this.deadLetters), ...args.function.needs];
    this.lambda = new Lambda(label, { ...args.function, needs }, settings, { parent: this });
    this.rule = new aws.cloudwatch.EventRule(
      label,
      { name: physicalName(label), scheduleExpression: args.expression, description: args.function.description },
      { parent: this },
    );
    this.createTarget();
    this.registerOutputs({ ruleArn: this.rule.arn });
  }

  private createTarget(): void {
    const sender = { service: "events.amazonaws.com", sourceArn: this.rule.arn };
    const admitted = admit(`${this.label}-dlq`, this.deadLetters, [sender], { parent: this });
    const failures = new aws.lambda.FunctionEventInvokeConfig(
      this.label,
      {
        functionName: this.lambda.function.name,
        maximumRetryAttempts: retries,
        maximumEventAgeInSeconds: eventAgeSeconds,
        destinationConfig: { onFailure: { destination: this.deadLetters.arn } },
      },
      { parent: this, dependsOn: [this.lambda.policy] },
    );
    const permission = new aws.lambda.Permission(
      this.label,
      {
        function: this.lambda.function.name,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: this.rule.arn,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      this.label,
      {
        rule: this.rule.name,
        targetId: this.label,
        arn: this.lambda.function.arn,
        retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: eventAgeSeconds },
        deadLetterConfig: { arn: this.deadLetters.arn },
      },
      { parent: this, dependsOn: [admitted, failures, permission] },
    );
  }
}
