import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { sendTo } from "./grants";
import { Lambda, type LambdaArgs } from "./lambda";
import { physicalName } from "./naming";
import { admit, createDeadLetterQueue } from "./queue";
import type { Settings } from "./settings";

/** In EventBridge's syntax, UTC. */
type Expression = `rate(${string})` | `cron(${string})`;

export interface ScheduleArgs {
  /** When it runs, by the name that the function is told. */
  triggers: Record<string, Expression>;
  function: LambdaArgs;
}

interface NamedRule {
  name: string;
  trigger: string;
  expression: Expression;
}

const retries = 2;
const eventAgeSeconds = 3_600;

/** A function that runs by the clock. Rules on schedules live on the default bus; AWS allows them nowhere else. */
export class Schedule extends pulumi.ComponentResource {
  readonly rules: aws.cloudwatch.EventRule[];
  readonly lambda: Lambda;
  /** Runs that could not be started, and runs that kept failing. */
  readonly deadLetters: aws.sqs.Queue;
  /** By a rule's physical name: what the function is told when it fires. */
  readonly triggers: Record<string, string>;

  constructor(
    readonly label: string,
    args: ScheduleArgs,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Schedule", label, {}, opts);
    this.deadLetters = createDeadLetterQueue(`${label}-dlq`, { parent: this });
    const needs = [sendTo(this.deadLetters), ...args.function.needs];
    this.lambda = new Lambda(label, { ...args.function, needs }, settings, { parent: this });
    const named = this.nameRules(args);
    this.triggers = Object.fromEntries(named.map(({ name, trigger }) => [physicalName(name), trigger]));
    this.rules = this.createRules(named, args.function.description);
    this.registerOutputs({ ruleArns: this.rules.map(({ arn }) => arn) });
  }

  private nameRules({ triggers }: ScheduleArgs): NamedRule[] {
    const entries = Object.entries(triggers);
    return entries.map(([trigger, expression]) => ({
      name: entries.length > 1 ? `${this.label}-${trigger}` : this.label,
      trigger,
      expression,
    }));
  }

  private createRules(named: readonly NamedRule[], description: string): aws.cloudwatch.EventRule[] {
    const failures = this.createFailureDestination();
    const made = named.map(({ name, trigger, expression: scheduleExpression }) => {
      const rule = new aws.cloudwatch.EventRule(
        name,
        { name: physicalName(name), scheduleExpression, description },
        { parent: this },
      );
      return { name, trigger, rule };
    });
    const senders = made.map(({ rule }) => ({ service: "events.amazonaws.com", sourceArn: rule.arn }));
    const admitted = admit(`${this.label}-dlq`, this.deadLetters, senders, { parent: this });
    for (const { name, trigger, rule } of made) this.createTarget(name, trigger, rule, [admitted, failures]);
    return made.map(({ rule }) => rule);
  }

  private createFailureDestination(): aws.lambda.FunctionEventInvokeConfig {
    return new aws.lambda.FunctionEventInvokeConfig(
      this.label,
      {
        functionName: this.lambda.function.name,
        maximumRetryAttempts: retries,
        maximumEventAgeInSeconds: eventAgeSeconds,
        destinationConfig: { onFailure: { destination: this.deadLetters.arn } },
      },
      { parent: this, dependsOn: [this.lambda.policy] },
    );
  }

  private createTarget(name: string, trigger: string, rule: aws.cloudwatch.EventRule, ready: pulumi.Resource[]): void {
    const permission = new aws.lambda.Permission(
      name,
      {
        function: this.lambda.function.name,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      name,
      {
        rule: rule.name,
        targetId: this.label,
        arn: this.lambda.function.arn,
        inputTransformer: {
          inputPaths: { time: "$.time" },
          inputTemplate: `{"trigger": ${JSON.stringify(trigger)}, "time": <time>}`,
        },
        retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: eventAgeSeconds },
        deadLetterConfig: { arn: this.deadLetters.arn },
      },
      { parent: this, dependsOn: [...ready, permission] },
    );
  }
}
