import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type MetricName, namespace } from "../functions/processing/observe/metrics";
import type { AlarmKind } from "./alarmKinds";
import type { Lambda } from "./lambda";
import { physicalName } from "./naming";
import type { TopicName } from "./topics";

export interface Metric {
  namespace: string;
  name: string;
  stat: "Sum" | "Maximum" | "Average" | "SampleCount" | "p50" | "p90" | "p99";
  dimensions: Record<string, pulumi.Input<string>>;
}

export interface AlarmDefinition {
  name: string;
  /** What sort of trouble it tells of; says how grave it is, and which page of docs/runbooks helps. */
  kind: AlarmKind;
  description: string;
  topic: TopicName;
  /** By the id under which `expression` names them. */
  metrics: Record<string, Metric>;
  expression: string;
  comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  threshold: number;
  periods: number;
  /** How long each of them is. @default 300 */
  periodSeconds?: number;
  /** What silence means. */
  missing: "notBreaching" | "breaching";
}

/** What a function of ours tells by itself. */
export const own = (
  lambda: Lambda,
  name: MetricName,
  stat: Metric["stat"] = "Sum",
  space: string = namespace,
): Metric => ({
  namespace: space,
  name,
  stat,
  dimensions: { service: physicalName("platform"), function: lambda.metricName },
});

/** A share in per cent that is not judged while there is too little to judge by. */
export const share = (part: string, whole: string, minimum: number): string =>
  `IF(FILL(${whole}, 0) >= ${minimum}, 100 * FILL(${part}, 0) / ${whole}, 0)`;

/** How much there has to be in a period for rates to be judged. */
export interface Minimum {
  events: number;
  /** Of calls to other services. */
  operations: number;
}

/**
 * The provider's 25 calls a day are enough for four or five companies, whose events come together: three of them tell a fault
 * from a mishap, where a higher number would never be reached. Each makes several calls to other services.
 */
export const minimumOfCompanies: Minimum = { events: 3, operations: 10 };

export const quiet = { comparison: "GreaterThanThreshold", missing: "notBreaching", periods: 1 } as const;

export const queueMetric = (queue: aws.sqs.Queue, name: string): Metric => ({
  namespace: "AWS/SQS",
  name,
  stat: "Maximum",
  dimensions: { QueueName: queue.name },
});
