import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EventDefinition } from "../functions/processing/events/definition";
import type { Bus } from "./bus";
import { consumeFrom, sendTo } from "./grants";
import { Lambda, type LambdaArgs } from "./lambda";
import { physicalName } from "./naming";
import { admit, createDeadLetterQueue, QueueWithDeadLetters, visibilityFactor } from "./queue";
import type { Settings } from "./settings";

export interface ConsumerArgs {
  bus: Bus;
  /** Which events it wants. What is wrong inside one is the function's to say: a pattern would drop it in silence. */
  events: readonly EventDefinition[] | "everything";
  function: LambdaArgs;
  /** @default 10 */
  batchSize?: number;
  /** How long a batch that is not full waits for more. @default not at all */
  batchWindowSeconds?: number;
  /** The function puts messages of its own into its queue, whose address it finds in OWN_QUEUE_URL. @default false */
  feedsItself?: boolean;
}

const defaultBatchSize = 10;
const ruleRetry = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

const pattern = (events: ConsumerArgs["events"]): string =>
  JSON.stringify(
    events === "everything"
      ? { source: [{ prefix: "" }] }
      : {
          source: [...new Set(events.map(({ source }) => source))].sort(),
          "detail-type": [...new Set(events.map(({ type }) => type))].sort(),
        },
  );

/** The one way in for a subscriber: rule → queue with dead letters → function that answers for each message. */
export class Consumer extends pulumi.ComponentResource {
  readonly rule: aws.cloudwatch.EventRule;
  readonly queue: QueueWithDeadLetters;
  /** Events that the rule could not deliver to the queue. */
  readonly undelivered: aws.sqs.Queue;
  readonly lambda: Lambda;

  constructor(
    readonly label: string,
    args: ConsumerArgs,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Consumer", label, {}, opts);
    const visibilityTimeoutSeconds = args.function.timeout * visibilityFactor;
    this.queue = new QueueWithDeadLetters(label, { visibilityTimeoutSeconds }, { parent: this });
    this.undelivered = createDeadLetterQueue(`${label}-undelivered`, { parent: this });
    this.rule = this.createRule(args);
    this.createTarget();
    this.lambda = this.createFunction(args, settings);
    this.createMapping(args, settings);
    this.registerOutputs({ queueUrl: this.queue.queue.url });
  }

  private createRule({ bus, events }: ConsumerArgs): aws.cloudwatch.EventRule {
    return new aws.cloudwatch.EventRule(
      this.label,
      {
        name: physicalName(this.label),
        eventBusName: bus.resource.name,
        eventPattern: pattern(events),
        description: `${events === "everything" ? events : events.map(({ type }) => type).join(", ")} to ${this.label}`,
      },
      { parent: this },
    );
  }

  private createTarget(): void {
    const sender = { service: "events.amazonaws.com", sourceArn: this.rule.arn };
    const admitted = [
      admit(this.label, this.queue.queue, [sender], { parent: this }),
      admit(`${this.label}-undelivered`, this.undelivered, [sender], { parent: this }),
      admit(`${this.label}-dlq`, this.queue.deadLetters, [], { parent: this }),
    ];
    new aws.cloudwatch.EventTarget(
      this.label,
      {
        rule: this.rule.name,
        eventBusName: this.rule.eventBusName,
        targetId: this.label,
        arn: this.queue.queue.arn,
        retryPolicy: ruleRetry,
        deadLetterConfig: { arn: this.undelivered.arn },
      },
      { parent: this, dependsOn: admitted },
    );
  }

  private createFunction({ function: args, feedsItself }: ConsumerArgs, settings: Settings): Lambda {
    const needs = [
      consumeFrom(this.queue.queue),
      sendTo(this.queue.deadLetters, "DEAD_LETTER_QUEUE_URL"),
      ...(feedsItself ? [sendTo(this.queue.queue, "OWN_QUEUE_URL")] : []),
      ...args.needs,
    ];
    return new Lambda(this.label, { ...args, needs }, settings, { parent: this });
  }

  private createMapping({ batchSize = defaultBatchSize, batchWindowSeconds }: ConsumerArgs, settings: Settings): void {
    new aws.lambda.EventSourceMapping(
      this.label,
      {
        eventSourceArn: this.queue.queue.arn,
        functionName: this.lambda.function.arn,
        batchSize,
        ...(batchWindowSeconds !== undefined && { maximumBatchingWindowInSeconds: batchWindowSeconds }),
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: settings.maximumConcurrency },
      },
      { parent: this, dependsOn: [this.lambda.policy] },
    );
  }
}
