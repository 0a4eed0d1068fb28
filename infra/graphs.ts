import * as pulumi from "@pulumi/pulumi";
import { errorKinds } from "../functions/processing/failure";
import { type MetricName, metricNames, namespace, validationNamespace } from "../functions/processing/observe/metrics";
import type { Watched } from "./alarmDefinitions";
import type { Consumer } from "./consumer";
import { isGiven, type Lambda, memoryNamespace } from "./lambda";
import { physicalName } from "./naming";
import type { Schedule } from "./schedule";
import type { Stream } from "./stream";
import type { Workflow } from "./workflowAlarms";

/** A series as CloudWatch's dashboards have it: namespace, name, dimensions in turn, how it is drawn. */
type Line = unknown[];

export interface Graph {
  title: string;
  lines: Line[];
}

/** Graphs that stand side by side under one heading. */
export interface Row {
  heading: string;
  graphs: Graph[];
}

interface Drawn {
  stat?: string;
  label?: string;
  space?: string;
  yAxis?: "right";
}

const own = (lambda: Lambda, name: MetricName, { space = namespace, ...drawn }: Drawn = {}): Line => [
  space,
  name,
  "service",
  physicalName("platform"),
  "function",
  lambda.metricName,
  { stat: "Sum", label: name, ...drawn },
];

const inQueue = (name: string, queueName: string, drawn: Drawn): Line => [
  "AWS/SQS",
  name,
  "QueueName",
  queueName,
  { stat: "Maximum", ...drawn },
];

const memory = (lambda: Lambda, label: string): Line => [
  memoryNamespace,
  lambda.physicalName,
  { stat: "Maximum", label },
];

const consumerRow = ({ label, lambda }: Consumer, queue: string, deadLetters: string): Row => {
  const { events, success, failure, deadLettered, duration, operations, retries, validationErrors } = metricNames;
  return {
    heading: label,
    graphs: [
      {
        title: "events",
        lines: [
          ...[events, success, failure, deadLettered].map((name) => own(lambda, name)),
          own(lambda, validationErrors, { space: validationNamespace }),
        ],
      },
      { title: "errors by category", lines: errorKinds.map((kind) => own(lambda, metricNames[`error${kind}`])) },
      {
        title: "an event, ms",
        lines: ["p50", "p90", "p99"].map((stat) => own(lambda, duration, { stat, label: stat })),
      },
      {
        title: "waiting",
        lines: [
          inQueue("ApproximateNumberOfMessagesVisible", queue, { label: "messages" }),
          inQueue("ApproximateNumberOfMessagesVisible", deadLetters, { label: "dead letters" }),
          inQueue("ApproximateAgeOfOldestMessage", queue, { label: "oldest, s", yAxis: "right" }),
        ],
      },
      { title: "calls and retries", lines: [operations, retries].map((name) => own(lambda, name)) },
      { title: `memory, of ${lambda.args.memory} MB`, lines: [memory(lambda, "MB")] },
    ],
  };
};

const streamRow = ({ label, lambda }: Stream): Row => {
  const { events, success, failure, deadLettered, streamRecords, streamDuplicates, streamConflicts } = metricNames;
  const { streamParseErrors, streamValidateErrors, streamEnrichErrors, streamAggregateErrors, streamArchiveErrors } =
    metricNames;
  return {
    heading: label,
    graphs: [
      {
        title: "events",
        lines: [streamRecords, events, success, failure, deadLettered].map((name) => own(lambda, name)),
      },
      {
        title: "errors by stage",
        lines: [
          streamParseErrors,
          streamValidateErrors,
          streamEnrichErrors,
          streamAggregateErrors,
          streamArchiveErrors,
        ].map((name) => own(lambda, name)),
      },
      {
        title: "counted before, and overtaken",
        lines: [streamDuplicates, streamConflicts].map((name) => own(lambda, name)),
      },
      {
        title: "a batch, ms",
        lines: ["p50", "p90", "p99"].map((stat) => own(lambda, metricNames.duration, { stat, label: stat })),
      },
      {
        title: "waiting, ms",
        lines: [
          ["AWS/Lambda", "IteratorAge", "FunctionName", lambda.physicalName, { stat: "Maximum", label: "oldest" }],
        ],
      },
      { title: `memory, of ${lambda.args.memory} MB`, lines: [memory(lambda, "MB")] },
    ],
  };
};

/** One graph for a metric, a line for each function. */
const each = (title: string, lambdas: readonly Lambda[], name: MetricName, drawn: Drawn = {}): Graph => ({
  title,
  lines: lambdas.map((lambda) => own(lambda, name, { label: lambda.label, ...drawn })),
});

const scheduleRow = (schedules: readonly Schedule[], outbox: Schedule, deadLetters: readonly string[]): Row => {
  const lambdas = schedules.map(({ lambda }) => lambda);
  return {
    heading: "by the clock",
    graphs: [
      each("runs", lambdas, metricNames.success),
      each("failed runs", lambdas, metricNames.failure),
      each("a run, ms", lambdas, metricNames.duration, { stat: "Maximum" }),
      { title: "memory, MB", lines: lambdas.map((lambda) => memory(lambda, lambda.label)) },
      {
        title: "dead letters",
        lines: deadLetters.map((name, at) =>
          inQueue("ApproximateNumberOfMessagesVisible", name, { label: schedules[at]?.label ?? name }),
        ),
      },
      {
        title: "oldest unpublished event, s",
        lines: [own(outbox.lambda, metricNames.outboxAge, { stat: "Maximum", label: "age" })],
      },
    ],
  };
};

/** Whether events get out. */
const healthRow = (health: Lambda, comparison: Lambda): Row => {
  const { busUnreachable, pendingAge, pendingOverdue } = metricNames;
  const { shadowSame, shadowDifferent, shadowMissing, shadowUnsure } = metricNames;
  const compared = [shadowSame, shadowDifferent, shadowMissing, shadowUnsure];
  const latest = (name: MetricName) => [own(health, name, { stat: "Maximum" })];
  return {
    heading: "the publisher",
    graphs: [
      { title: "bus not reachable", lines: latest(busUnreachable) },
      { title: "oldest unpublished event as checked, s", lines: latest(pendingAge) },
      { title: "events that could not be published at once", lines: latest(pendingOverdue) },
      { title: "checks", lines: [metricNames.success, metricNames.failure].map((name) => own(health, name)) },
      { title: "events compared that went by two paths", lines: compared.map((name) => own(comparison, name)) },
    ],
  };
};

/** What functions share with each other: the providers' calls and the cache. */
const sharedRow = (lambdas: readonly Lambda[]): Row => {
  const callers = lambdas.filter((lambda) => isGiven(lambda, "ALPHA_VANTAGE_URL") || isGiven(lambda, "ALPACA_URL"));
  const cacheUsers = lambdas.filter((lambda) => isGiven(lambda, "CACHE_HOST"));
  const { cacheHits, cacheMisses, cacheFailures } = metricNames;
  return {
    heading: "calls to the providers, and the cache",
    graphs: [
      each("calls reserved", callers, metricNames.callsReserved),
      each("calls refused: no budget", callers, metricNames.callsRefused),
      each("calls given back", callers, metricNames.callsGivenBack),
      {
        title: "cache",
        lines: cacheUsers.flatMap((lambda) =>
          [cacheHits, cacheMisses, cacheFailures].map((name) =>
            own(lambda, name, { label: `${lambda.label} ${name}` }),
          ),
        ),
      },
    ],
  };
};

const workflowRow = ({ machine, storage }: Workflow, arn: string): Row => {
  const steps = Object.values(machine.steps);
  const ofMachine = (name: string, drawn: Drawn = {}): Line => [
    "AWS/States",
    name,
    "StateMachineArn",
    arn,
    { stat: "Sum", label: name, ...drawn },
  ];
  const ends = [
    "ExecutionsStarted",
    "ExecutionsSucceeded",
    "ExecutionsFailed",
    "ExecutionsTimedOut",
    "ExecutionsAborted",
  ];
  const { analysesCompleted, analysesFailed, duration, failure } = metricNames;
  return {
    heading: machine.label,
    graphs: [
      { title: "executions", lines: ends.map((name) => ofMachine(name)) },
      {
        title: "an execution, ms",
        lines: ["p50", "p99"].map((stat) => ofMachine("ExecutionTime", { stat, label: stat })),
      },
      { title: "companies", lines: [analysesCompleted, analysesFailed].map((name) => own(storage, name)) },
      each("failed steps", steps, failure),
      each("a step, ms", steps, duration, { stat: "p99" }),
      { title: "memory, MB", lines: steps.map((lambda) => memory(lambda, lambda.label)) },
    ],
  };
};

const searchRow = (search: Lambda, users: readonly Lambda[]): Row => {
  const { events, failure, searchDegraded, searchRequests, searchErrors, duration } = metricNames;
  return {
    heading: "search",
    graphs: [
      { title: "queries", lines: [events, failure, searchDegraded].map((name) => own(search, name)) },
      {
        title: "a query, ms",
        lines: ["p50", "p90", "p99"].map((stat) => own(search, duration, { stat, label: stat })),
      },
      each("asked of the domain", users, searchRequests),
      each("refused or unanswered by the domain", users, searchErrors),
      { title: `memory, of ${search.args.memory} MB`, lines: [memory(search, "MB")] },
    ],
  };
};

/** Jobs in their order, as the watch sees them and as ingestion ends them. */
const workRow = (watch: Lambda, worker: Lambda): Row => {
  const { jobsEnqueued, jobsStarted, jobsEnqueuedAge, jobsStartedAge, jobsDelay } = metricNames;
  const { jobsDone, jobsDead, jobsEndedAge } = metricNames;
  const latest = (names: MetricName[]) => names.map((name) => own(watch, name, { stat: "Maximum" }));
  return {
    heading: "work that waits for calls",
    graphs: [
      { title: "jobs", lines: latest([jobsEnqueued, jobsStarted]) },
      { title: "the oldest of them, s", lines: latest([jobsEnqueuedAge, jobsStartedAge]) },
      { title: "could have been done, s", lines: latest([jobsDelay]) },
      { title: "jobs that ended", lines: [jobsDone, jobsDead].map((name) => own(worker, name)) },
      { title: "their age, s", lines: [own(worker, jobsEndedAge, { stat: "Maximum" })] },
    ],
  };
};

/** Everything that is drawn, in the order in which a trouble is looked for. */
export const rows = (watched: Watched): pulumi.Output<Row[]> => {
  const {
    consumers,
    ingestion,
    schedules,
    outbox,
    workflow,
    search,
    queueWatch,
    publisherHealth,
    shadowComparison,
    streams,
  } = watched;
  return pulumi
    .all([
      pulumi.all(consumers.map(({ queue }) => pulumi.all([queue.queue.name, queue.deadLetters.name]))),
      pulumi.all(schedules.map(({ deadLetters }) => deadLetters.name)),
      workflow.machine.resource.arn,
    ])
    .apply(([queues, deadLetters, machineArn]) => {
      const lambdas = [...consumers, ...schedules].map(({ lambda }) => lambda);
      const searchUsers = [search, ...lambdas.filter((lambda) => isGiven(lambda, "SEARCH_ENDPOINT"))];
      return [
        ...consumers.map((consumer, at) => consumerRow(consumer, ...(queues[at] ?? ["", ""]))),
        ...streams.map(streamRow),
        workflowRow(workflow, machineArn),
        searchRow(search, searchUsers),
        workRow(queueWatch.lambda, ingestion.lambda),
        scheduleRow(schedules, outbox, deadLetters),
        healthRow(publisherHealth.lambda, shadowComparison.lambda),
        sharedRow([...lambdas, ...Object.values(workflow.machine.steps)]),
      ];
    });
};
