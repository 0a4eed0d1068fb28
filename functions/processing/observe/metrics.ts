import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { errorKind, errorKinds, type Failure } from "../failure";

export const namespace = "Signal9";
export const validationNamespace = "Signal9/DataValidation";

/** Every metric the functions emit. Alarms and dashboards may name no other. */
export const metricNames = {
  events: "Events",
  success: "Success",
  failure: "Failure",
  deadLettered: "DeadLettered",
  operations: "Operations",
  retries: "Retries",
  duration: "Duration",
  ...(Object.fromEntries(errorKinds.map((kind) => [`error${kind}`, `Error${kind}`])) as {
    [K in (typeof errorKinds)[number] as `error${K}`]: `Error${K}`;
  }),
  validationSuccess: "ValidationSuccess",
  validationErrors: "ValidationErrors",
  callsReserved: "CallsReserved",
  callsRefused: "CallsRefused",
  callsGivenBack: "CallsGivenBack",
  cacheHits: "CacheHits",
  cacheMisses: "CacheMisses",
  cacheFailures: "CacheFailures",
  searchRequests: "SearchRequests",
  searchErrors: "SearchErrors",
  searchDegraded: "SearchDegraded",
  analysesCompleted: "AnalysesCompleted",
  analysesFailed: "AnalysesFailed",
  outboxPublished: "OutboxPublished",
  outboxFailed: "OutboxFailed",
  outboxAge: "OutboxAge",
  stateMoves: "StateMoves",
  stateErrors: "StateErrors",
  jobsEnqueued: "JobsEnqueued",
  jobsStarted: "JobsStarted",
  jobsEnqueuedAge: "JobsEnqueuedAge",
  jobsStartedAge: "JobsStartedAge",
  jobsDelay: "JobsDelay",
  jobsDone: "JobsDone",
  jobsDead: "JobsDead",
  jobsEndedAge: "JobsEndedAge",
  deadLettersStored: "DeadLettersStored",
  deadLettersUndelivered: "DeadLettersUndelivered",
  deadLettersOfRuns: "DeadLettersOfRuns",
  deadLettersWaiting: "DeadLettersWaiting",
  batchesPutAside: "BatchesPutAside",
  busUnreachable: "BusUnreachable",
  pendingAge: "PendingAge",
  pendingOverdue: "PendingOverdue",
  streamRecords: "StreamRecords",
  streamDuplicates: "StreamDuplicates",
  streamConflicts: "StreamConflicts",
  streamParseErrors: "StreamParseErrors",
  streamValidateErrors: "StreamValidateErrors",
  streamEnrichErrors: "StreamEnrichErrors",
  streamAggregateErrors: "StreamAggregateErrors",
  streamArchiveErrors: "StreamArchiveErrors",
  shadowSame: "ShadowSame",
  shadowDifferent: "ShadowDifferent",
  shadowMissing: "ShadowMissing",
  shadowUnsure: "ShadowUnsure",
} as const;

export type MetricName = (typeof metricNames)[keyof typeof metricNames];

const milliseconds = new Set<MetricName>([metricNames.duration]);
const seconds = new Set<MetricName>([
  metricNames.outboxAge,
  metricNames.pendingAge,
  metricNames.jobsEnqueuedAge,
  metricNames.jobsStartedAge,
  metricNames.jobsDelay,
  metricNames.jobsEndedAge,
]);
const validation = new Set<MetricName>([metricNames.validationSuccess, metricNames.validationErrors]);

export interface Meter {
  add: (name: MetricName, value?: number) => void;
  /** Writes what was added as embedded metric format. Never throws: the business goes on without its metrics. */
  flush: (onTrouble: (error: unknown) => void) => void;
}

/** A failure, and under its category. */
export const countFailure = (failure: Failure, meter: Pick<Meter, "add">): void => {
  meter.add(metricNames.failure);
  meter.add(metricNames[`error${errorKind(failure)}`]);
};

/** Dimensions are the service (which names the stack) and the function, nothing else. */
export const makeMeter = (functionName: string): Meter => {
  const make = (space: string) => new Metrics({ namespace: space, defaultDimensions: { function: functionName } });
  const main = make(namespace);
  const quality = make(validationNamespace);
  return {
    add: (name, value = 1) => {
      const unit = milliseconds.has(name)
        ? MetricUnit.Milliseconds
        : seconds.has(name)
          ? MetricUnit.Seconds
          : MetricUnit.Count;
      (validation.has(name) ? quality : main).addMetric(name, unit, value);
    },
    flush: (onTrouble) => {
      for (const metrics of [main, quality]) {
        try {
          if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
        } catch (error) {
          onTrouble(error);
        }
      }
    },
  };
};
