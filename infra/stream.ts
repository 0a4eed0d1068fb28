import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Bucket } from "./buckets";
import { consumeFrom, readFrom, sendTo, useObjects } from "./grants";
import { Lambda, type LambdaArgs } from "./lambda";
import { physicalName } from "./naming";
import { admit, QueueWithDeadLetters, visibilityFactor } from "./queue";
import type { Settings } from "./settings";

export interface StreamArgs {
  /** Where batches go, with everything in them, that failed until Lambda gave up, and payloads that are too large for a queue. */
  failures: Bucket;
  function: LambdaArgs;
}

/** Longer than a batch may wait before it is given up, so that nothing leaves the stream before that. */
const retentionHours = 24;
const againBatchSize = 10;

const capacity = ({ streamShards }: Settings) =>
  streamShards === 0
    ? { streamModeDetails: { streamMode: "ON_DEMAND" } }
    : { streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: streamShards };

/**
 * A Kinesis stream and the function that reads it. What is wrong with a record for good, the function itself sends to the
 * dead letters; from there it comes again, once somebody says so, by a queue of its own.
 */
export class Stream extends pulumi.ComponentResource {
  readonly resource: aws.kinesis.Stream;
  readonly queue: QueueWithDeadLetters;
  readonly lambda: Lambda;

  constructor(
    readonly label: string,
    args: StreamArgs,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Stream", label, {}, opts);
    this.resource = this.createStream(settings);
    const visibilityTimeoutSeconds = args.function.timeout * visibilityFactor;
    this.queue = new QueueWithDeadLetters(label, { visibilityTimeoutSeconds }, { parent: this });
    for (const [name, queue] of [
      [label, this.queue.queue],
      [`${label}-dlq`, this.queue.deadLetters],
    ] as const)
      admit(name, queue, [], { parent: this });
    this.lambda = this.createFunction(args, settings);
    this.read(args, settings);
    this.readAgain(settings);
    this.registerOutputs({ arn: this.resource.arn });
  }

  private createStream(settings: Settings): aws.kinesis.Stream {
    return new aws.kinesis.Stream(
      this.label,
      {
        name: physicalName(this.label),
        ...capacity(settings),
        retentionPeriod: retentionHours,
        encryptionType: "KMS",
        kmsKeyId: "alias/aws/kinesis",
      },
      { parent: this, protect: settings.protect },
    );
  }

  private createFunction({ function: args, failures }: StreamArgs, settings: Settings): Lambda {
    const needs = [
      readFrom(this.resource),
      consumeFrom(this.queue.queue),
      sendTo(this.queue.deadLetters, "DEAD_LETTER_QUEUE_URL"),
      useObjects(failures),
      ...args.needs,
    ];
    return new Lambda(this.label, { ...args, needs }, settings, { parent: this });
  }

  private read({ failures }: StreamArgs, settings: Settings): void {
    new aws.lambda.EventSourceMapping(
      this.label,
      {
        eventSourceArn: this.resource.arn,
        functionName: this.lambda.function.arn,
        startingPosition: "TRIM_HORIZON",
        batchSize: settings.streamBatchSize,
        maximumBatchingWindowInSeconds: settings.streamWindowSeconds,
        parallelizationFactor: settings.streamParallelism,
        functionResponseTypes: ["ReportBatchItemFailures"],
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: settings.streamRetries,
        maximumRecordAgeInSeconds: settings.streamMaximumAgeSeconds,
        destinationConfig: { onFailure: { destinationArn: failures.resource.arn } },
      },
      { parent: this, dependsOn: [this.lambda.policy, ...failures.ready] },
    );
  }

  private readAgain({ maximumConcurrency }: Settings): void {
    new aws.lambda.EventSourceMapping(
      `${this.label}-again`,
      {
        eventSourceArn: this.queue.queue.arn,
        functionName: this.lambda.function.arn,
        batchSize: againBatchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency },
      },
      { parent: this, dependsOn: [this.lambda.policy] },
    );
  }
}
