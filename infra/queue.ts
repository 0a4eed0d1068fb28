import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./naming";
import { tlsOnly } from "./tlsOnly";

export const keptForSeconds = 14 * 86_400;
/** SQS hides a message for this many times the function's timeout, so that a slow invocation is not overtaken by itself. */
export const visibilityFactor = 6;
/** Deliveries before SQS gives up on a message. */
export const maxReceiveCount = 3;

/** The most that SQS takes, as much as a bus: Pulumi's provider sets a quarter of it where nothing is said. */
const maxMessageSize = 1_048_576;

const encrypted = { sqsManagedSseEnabled: true };

/** Nobody talks to a queue without TLS, and only what `senders` lists may send from outside the account's roles. */
const policy = (queueArn: string, senders: { service: string; sourceArn: string }[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      tlsOnly("sqs:*", queueArn),
      ...senders.map(({ service, sourceArn }, at) => ({
        Sid: `Sender${at}`,
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
      })),
    ],
  });

export interface Sender {
  service: string;
  sourceArn: pulumi.Input<string>;
}

/** Admits senders. A queue has one policy: call once a queue. */
export const admit = (
  name: string,
  queue: aws.sqs.Queue,
  senders: Sender[],
  opts: pulumi.ResourceOptions,
): aws.sqs.QueuePolicy =>
  new aws.sqs.QueuePolicy(
    name,
    {
      queueUrl: queue.url,
      policy: pulumi.all([queue.arn, pulumi.all(senders)]).apply(([arn, resolved]) => policy(arn, resolved)),
    },
    opts,
  );

/** How long the function has that drains dead letter queues. */
export const deadLetterTimeoutSeconds = 30;

/** Where messages end that nothing could be done with, until the one function that drains such queues takes them. */
export const createDeadLetterQueue = (name: string, opts: pulumi.CustomResourceOptions): aws.sqs.Queue =>
  new aws.sqs.Queue(
    name,
    {
      name: physicalName(name),
      messageRetentionSeconds: keptForSeconds,
      visibilityTimeoutSeconds: visibilityFactor * deadLetterTimeoutSeconds,
      maxMessageSize,
      ...encrypted,
    },
    opts,
  );

export interface QueueArgs {
  visibilityTimeoutSeconds: number;
}

/** A queue with its own dead letter queue, which takes redrives from this queue alone. */
export class QueueWithDeadLetters extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;

  constructor(
    readonly label: string,
    args: QueueArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:QueueWithDeadLetters", label, {}, opts);
    this.deadLetters = createDeadLetterQueue(`${label}-dlq`, { parent: this });
    this.queue = new aws.sqs.Queue(
      label,
      {
        name: physicalName(label),
        visibilityTimeoutSeconds: args.visibilityTimeoutSeconds,
        messageRetentionSeconds: keptForSeconds,
        receiveWaitTimeSeconds: 20,
        redrivePolicy: this.deadLetters.arn.apply((deadLetterTargetArn) =>
          JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
        ),
        maxMessageSize,
        ...encrypted,
      },
      { parent: this },
    );
    new aws.sqs.RedriveAllowPolicy(
      `${label}-dlq`,
      {
        queueUrl: this.deadLetters.url,
        redriveAllowPolicy: this.queue.arn.apply((arn) =>
          JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [arn] }),
        ),
      },
      { parent: this },
    );
    this.registerOutputs({ queueUrl: this.queue.url, deadLettersUrl: this.deadLetters.url });
  }
}
