import { metricNames } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, type Minimum, minimumOfCompanies, own, queueMetric, quiet } from "./alarmDefinition";
import { apiAlarms } from "./apiAlarms";
import type { Consumer } from "./consumer";
import { consumerAlarms, queueAlarms } from "./consumerAlarms";
import type { DeadLetterDrain } from "./deadLetters";
import type { DirectTriggers } from "./directTriggers";
import { handlingAlarms } from "./handlingAlarms";
import type { HttpApi } from "./httpApi";
import type { Lambda } from "./lambda";
import { lambdaAlarms } from "./lambdaAlarms";
import type { Schedule } from "./schedule";
import type { Settings } from "./settings";
import type { Stream } from "./stream";
import { streamAlarms } from "./streamAlarms";
import { type Workflow, workflowAlarms } from "./workflowAlarms";

const scheduleAlarms = ({ label, lambda, deadLetters }: Schedule): AlarmDefinition[] => [
  ...lambdaAlarms(lambda),
  {
    ...quiet,
    name: `${label}-failures`,
    kind: "run-failures",
    description: "A run failed",
    topic: "alarms",
    metrics: { failures: own(lambda, metricNames.failure) },
    expression: "failures",
    threshold: 0,
  },
  {
    ...quiet,
    name: `${label}-dead-letters`,
    kind: "run-dead-letters",
    description: "A run failed for good, or could not be started",
    topic: "dlq-notifications",
    metrics: { waiting: queueMetric(deadLetters, "ApproximateNumberOfMessagesVisible") },
    expression: "waiting",
    threshold: 0,
  },
];

/** Unpublished events may lie for three runs of the sweeper before somebody is told. */
const outboxAlarms = ({ label, lambda }: Schedule): AlarmDefinition[] => [
  {
    ...quiet,
    name: `${label}-age`,
    kind: "outbox-age",
    description: "An event has waited for more than 15 minutes to be published",
    topic: "alarms",
    metrics: { age: own(lambda, metricNames.outboxAge, "Maximum") },
    expression: "age",
    threshold: 900,
  },
  {
    name: `${label}-silent`,
    kind: "outbox-silent",
    description: "The outbox has not been swept for 15 minutes",
    topic: "alarms",
    metrics: { runs: own(lambda, metricNames.success) },
    expression: "runs",
    comparison: "LessThanThreshold",
    threshold: 1,
    periods: 3,
    missing: "breaching",
  },
];

const healthAlarms = ({ label, lambda }: Schedule): AlarmDefinition[] => [
  {
    ...quiet,
    name: `${label}-bus`,
    kind: "bus-unreachable",
    description: "The bus did not answer; events wait in the event store until it does",
    topic: "alarms",
    metrics: { unreachable: own(lambda, metricNames.busUnreachable, "Maximum") },
    expression: "unreachable",
    threshold: 0,
  },
  {
    ...quiet,
    name: `${label}-age`,
    kind: "pending-age",
    description: "The oldest event that is not published is more than 15 minutes old",
    topic: "alarms",
    metrics: { age: own(lambda, metricNames.pendingAge, "Maximum") },
    expression: "age",
    threshold: 900,
  },
  {
    ...quiet,
    name: `${label}-overdue`,
    kind: "pending-overdue",
    description: "More than 100 events could not be published at once, and wait for the sweeper",
    topic: "alarms",
    metrics: { overdue: own(lambda, metricNames.pendingOverdue, "Maximum") },
    expression: "overdue",
    threshold: 100,
  },
];

/** Whoever is about to cut over has to know of the first difference. */
const shadowAlarms = ({ label, lambda }: Schedule): AlarmDefinition[] => [
  {
    ...quiet,
    name: `${label}-different`,
    kind: "shadow-different",
    description: "The bus and the direct path did not make the same of an event",
    topic: "alarms",
    metrics: { different: own(lambda, metricNames.shadowDifferent) },
    expression: "different",
    threshold: 0,
  },
  {
    ...quiet,
    name: `${label}-missing`,
    kind: "shadow-missing",
    description: "One of the two paths made nothing of an event",
    topic: "alarms",
    metrics: { missing: own(lambda, metricNames.shadowMissing) },
    expression: "missing",
    threshold: 0,
  },
];

/** Dead letters are drained into their table within seconds, so that it is there that they are counted. */
const deadLetterAlarms = (drain: DeadLetterDrain, watch: Schedule): AlarmDefinition[] => [
  ...lambdaAlarms(drain.lambda),
  {
    ...quiet,
    name: `${drain.label}-failures`,
    kind: "letters-failures",
    description: "A dead letter could not be stored, or nobody could be told of it",
    topic: "alarms",
    metrics: { failures: own(drain.lambda, metricNames.failure) },
    expression: "failures",
    threshold: 0,
  },
  {
    ...quiet,
    name: "dead-letters-waiting",
    kind: "letters-waiting",
    description: "More than 100 dead letters wait for somebody to decide on them",
    topic: "dlq-notifications",
    metrics: { waiting: own(watch.lambda, metricNames.deadLettersWaiting, "Maximum") },
    expression: "waiting",
    threshold: 100,
  },
  {
    ...quiet,
    name: "stream-put-aside",
    kind: "put-aside",
    description:
      "Lambda gave a batch of a stream up: it waits, put aside with everything in it, for somebody to redrive it",
    topic: "dlq-notifications",
    metrics: { batches: own(watch.lambda, metricNames.batchesPutAside, "Maximum") },
    expression: "batches",
    threshold: 0,
  },
  {
    ...quiet,
    name: "dead-letters-undelivered",
    kind: "letters-undelivered",
    description: "The bus could not deliver an event to a queue",
    topic: "dlq-notifications",
    metrics: { letters: own(drain.lambda, metricNames.deadLettersUndelivered) },
    expression: "letters",
    threshold: 0,
  },
  {
    ...quiet,
    name: "dead-letters-runs",
    kind: "letters-of-runs",
    description: "A scheduled run failed for good, or could not be started",
    topic: "dlq-notifications",
    metrics: { letters: own(drain.lambda, metricNames.deadLettersOfRuns) },
    expression: "letters",
    threshold: 0,
  },
];

/** Work lies in its order in a table; its queue only rings for it, and is empty while it waits. */
const workAlarms = ({ lambda }: Schedule): AlarmDefinition[] => [
  {
    ...quiet,
    name: "jobs-delay",
    kind: "jobs-delay",
    description: "A job has waited for more than 5 minutes although calls are left for it",
    topic: "alarms",
    metrics: { delay: own(lambda, metricNames.jobsDelay, "Maximum") },
    expression: "delay",
    threshold: 300,
  },
];

export interface Watched {
  consumers: readonly Consumer[];
  /** Those of them whose events are about companies: a few a day. */
  ofCompanies: readonly Consumer[];
  /** The one of them that does the jobs. */
  ingestion: Consumer;
  schedules: readonly Schedule[];
  outbox: Schedule;
  deadLetters: DeadLetterDrain;
  deadLetterWatch: Schedule;
  workflow: Workflow;
  /** What other teams call. */
  search: Lambda;
  queueWatch: Schedule;
  apis: readonly HttpApi[];
  publisherHealth: Schedule;
  streams: readonly Stream[];
  /** What other teams tell and ask of experiments. */
  experiments: readonly Lambda[];
  directTriggers: DirectTriggers;
  shadowComparison: Schedule;
}

/** Every alarm of the platform. */
export const alarmDefinitions = (watched: Watched, settings: Settings): AlarmDefinition[] => {
  const { alarmMinimumEvents } = settings;
  const usual: Minimum = { events: alarmMinimumEvents, operations: alarmMinimumEvents };
  const minimumOf = (consumer: Consumer) => (watched.ofCompanies.includes(consumer) ? minimumOfCompanies : usual);
  return [
    ...watched.consumers.flatMap((consumer) => consumerAlarms(consumer, minimumOf(consumer))),
    ...watched.schedules.flatMap(scheduleAlarms),
    ...outboxAlarms(watched.outbox),
    ...workAlarms(watched.queueWatch),
    ...healthAlarms(watched.publisherHealth),
    ...queueAlarms(watched.directTriggers, watched.directTriggers.queue, usual),
    ...shadowAlarms(watched.shadowComparison),
    ...deadLetterAlarms(watched.deadLetters, watched.deadLetterWatch),
    ...workflowAlarms(watched.workflow, settings),
    ...handlingAlarms(watched.search, "calls", usual),
    ...watched.streams.flatMap((stream) => streamAlarms(stream, usual)),
    ...watched.experiments.flatMap((lambda) => handlingAlarms(lambda, "calls", usual)),
    ...watched.apis.flatMap((api) => apiAlarms(api, alarmMinimumEvents)),
  ];
};
