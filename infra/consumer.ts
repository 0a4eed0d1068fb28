import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EventDefinition } from "../functions/processing/events/definition";
import type { Bus } from "./bus";
import { consumeFrom, sendTo } from "./grants";
import { Lambda, type LambdaArgs } from "./lambda";
import { allowLoop } from "./loop";
import { physicalName } from "./naming";
import { admit, createDeadLetterQueue, QueueWithDeadLetters, visibilityFactor } from "./queue";
import type { Settings } from "./settings";
import type { Uploads } from "./uploads";

/** Which events it wants. What is wrong inside one is the function's to say: a pattern would drop it in silence. */
interface OfBus {
  bus: Bus;
  events: readonly EventDefinition[] | "everything";
}

/** Every file that is put there; S3 tells of it on the default bus. */
interface OfUploads {
  uploads: Uploads;
}

export type ConsumerArgs = (OfBus | OfUploads) & {
  function: LambdaArgs;
  /** @default 10 */
  batchSize?: number;
  /** How long a batch that is not full waits for more. @default not at all */
  batchWindowSeconds?: number;
  /** The function puts messages of its own into its queue, whose address it finds in OWN_QUEUE_URL. @default false */
  feedsItself?: boolean;
};

interface Subscription {
  /** @default the default bus */
  eventBusName?: pulumi.Output<string>;
  eventPattern: pulumi.Input<string>;
  told: string;
}

const defaultBatchSize = 10;
const ruleRetry = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

const pattern = (events: OfBus["events"]): string =>
  JSON.stringify(
    events === "everything"
      ? { source: [{ prefix: "" }] }
      : {
          source: [...new Set(events.map(({ source }) => source))].sort(),
          "detail-type": [...new Set(events.map(({ type }) => type))].sort(),
        },
  );

const subscription = (args: ConsumerArgs): Subscription =>
  "uploads" in args
    ? { eventPattern: args.uploads.eventPattern, told: "files" }
    : {
        eventBusName: args.bus.resource.name,
        eventPattern: pattern(args.events),
        told: args.events === "everything" ? args.events : args.events.map(({ type }) => type).join(", "),
      };

/** The one way in for a subscriber: rule → queue with dead letters → function that answers for each message. */
export class Consumer extends pulumi.ComponentResource {
  readonly rule: aws.cloudwatch.EventRule;
  /** Under which CloudWatch counts what the rule does. */
  readonly ruleDimensions: Record<string, pulumi.Output<string>>;
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
    const { told, ...selected } = subscription(args);
    this.rule = this.createRule(selected, told);
    this.ruleDimensions = {
      RuleName: this.rule.name,
      ...(selected.eventBusName && { EventBusName: selected.eventBusName }),
    };
    this.createTarget(selected);
    this.lambda = this.createFunction(args, settings);
    this.createMapping(args, settings);
    this.registerOutputs({ queueUrl: this.queue.queue.url });
  }

  private createRule(selected: Omit<Subscription, "told">, told: string): aws.cloudwatch.EventRule {
    return new aws.cloudwatch.EventRule(
      this.label,
      { name: physicalName(this.label), ...selected, description: `${told} to ${this.label}` },
      { parent: this },
    );
  }

  private createTarget({ eventBusName }: Pick<Subscription, "eventBusName">): void {
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
        ...(eventBusName && { eventBusName }),
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

  private createMapping(
    { batchSize = defaultBatchSize, batchWindowSeconds, feedsItself }: ConsumerArgs,
    settings: Settings,
  ): void {
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
      {
        parent: this,
        dependsOn: [this.lambda.policy, ...(feedsItself ? [allowLoop(this.label, this.lambda, this)] : [])],
      },
    );
  }
}
