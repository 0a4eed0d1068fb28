import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Consumer } from "./consumer";
import { consumeFrom, type Need, setting } from "./grants";
import { Lambda, type LambdaArgs } from "./lambda";
import { physicalName } from "./naming";
import { deadLetterTimeoutSeconds, type QueueWithDeadLetters } from "./queue";
import type { Schedule } from "./schedule";
import type { Settings } from "./settings";
import type { Stream } from "./stream";

export interface DeadLetterSources {
  consumers: readonly Consumer[];
  schedules: readonly Schedule[];
  streams: readonly Stream[];
  /** Queues that no rule feeds. */
  queues: readonly QueueWithDeadLetters[];
}

export interface DeadLetterDrainArgs extends DeadLetterSources {
  function: Omit<LambdaArgs, "timeout">;
}

interface Source {
  label: string;
  queue: aws.sqs.Queue;
}

/** Dead letters come in drops; a flood of them waits in its queue. */
const concurrency = 2;
const batchSize = 10;

/** Every queue in which something can end. */
const sourcesOf = ({ consumers, schedules, streams, queues }: DeadLetterSources): Source[] => [
  ...consumers.flatMap(({ label, queue, undelivered }) => [
    { label: `${label}-dlq`, queue: queue.deadLetters },
    { label: `${label}-undelivered`, queue: undelivered },
  ]),
  ...streams.map(({ label, queue }) => ({ label: `${label}-dlq`, queue: queue.deadLetters })),
  ...queues.map(({ label, deadLetters }) => ({ label: `${label}-dlq`, queue: deadLetters })),
  ...schedules.map(({ label, deadLetters }) => ({ label: `${label}-dlq`, queue: deadLetters })),
];

/** By what the function tells a letter's origin, and what a schedule that was not delivered would have said. */
const names = ({ schedules }: DeadLetterSources): Need[] => [
  setting("NAME_PREFIX", physicalName("")),
  setting("SCHEDULES", JSON.stringify(Object.fromEntries(schedules.map(({ label, triggers }) => [label, triggers])))),
];

/** Hands what lies in the dead letter queues to one function. */
export class DeadLetterDrain extends pulumi.ComponentResource {
  readonly lambda: Lambda;

  constructor(
    readonly label: string,
    args: DeadLetterDrainArgs,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:DeadLetterDrain", label, {}, opts);
    const sources = sourcesOf(args);
    const needs = [consumeFrom(...sources.map(({ queue }) => queue)), ...names(args), ...args.function.needs];
    const lambda = { ...args.function, timeout: deadLetterTimeoutSeconds, needs };
    this.lambda = new Lambda(label, lambda, settings, { parent: this });
    for (const source of sources) this.createMapping(source);
    this.registerOutputs({ arn: this.lambda.function.arn });
  }

  private createMapping({ label, queue }: Source): void {
    new aws.lambda.EventSourceMapping(
      label,
      {
        eventSourceArn: queue.arn,
        functionName: this.lambda.function.arn,
        batchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: concurrency },
      },
      { parent: this, dependsOn: [this.lambda.policy] },
    );
  }
}
