import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { consumeFrom, sendTo } from "./grants";
import { Lambda, type LambdaArgs } from "./lambda";
import { allowLoop } from "./loop";
import { admit, QueueWithDeadLetters, visibilityFactor } from "./queue";
import type { Settings } from "./settings";

const label = "direct-triggers";
const timeoutSeconds = 120;
const batchSize = 10;

/**
 * Where the ledger's functions send events that are to have their effects without a bus. It is there whatever the settings
 * say: what lies in it when they change is still handled.
 */
export const createDirectQueue = (): QueueWithDeadLetters => {
  const direct = new QueueWithDeadLetters(label, { visibilityTimeoutSeconds: timeoutSeconds * visibilityFactor });
  admit(label, direct.queue, [], { parent: direct });
  admit(`${label}-dlq`, direct.deadLetters, [], { parent: direct });
  return direct;
};

/** The function at the end of that queue. */
export class DirectTriggers extends pulumi.ComponentResource {
  readonly label = label;
  readonly lambda: Lambda;

  constructor(
    readonly queue: QueueWithDeadLetters,
    args: Omit<LambdaArgs, "timeout">,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:DirectTriggers", label, {}, opts);
    const needs = [consumeFrom(queue.queue), sendTo(queue.deadLetters, "DEAD_LETTER_QUEUE_URL"), ...args.needs];
    this.lambda = new Lambda(label, { ...args, timeout: timeoutSeconds, needs }, settings, { parent: this });
    new aws.lambda.EventSourceMapping(
      label,
      {
        eventSourceArn: queue.queue.arn,
        functionName: this.lambda.function.arn,
        batchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: settings.maximumConcurrency },
      },
      { parent: this, dependsOn: [this.lambda.policy, allowLoop(label, this.lambda, this)] },
    );
    this.registerOutputs({ queueUrl: queue.queue.url });
  }
}
