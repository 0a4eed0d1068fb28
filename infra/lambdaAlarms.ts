import { metricNames } from "../functions/processing/observe/metrics";
import { type AlarmDefinition, own, quiet } from "./alarmDefinition";
import { isGiven, type Lambda, memoryNamespace } from "./lambda";

/** One or two are a node that was exchanged; more, and every use is missed until somebody looks. */
const toleratedCacheFailures = 3;

const cacheAlarm = (lambda: Lambda): AlarmDefinition => ({
  ...quiet,
  name: `${lambda.label}-cache`,
  kind: "cache",
  description: `More than ${toleratedCacheFailures} uses of the cache failed; work goes on without it`,
  topic: "alarms",
  metrics: { failures: own(lambda, metricNames.cacheFailures) },
  expression: "failures",
  threshold: toleratedCacheFailures,
});

/** Of the queries of other teams, a few that failed are a node that was busy; what waits to be indexed asks seldom. */
const toleratedSearchErrors = 2;

const searchAlarm = (lambda: Lambda): AlarmDefinition => {
  const tolerated = isGiven(lambda, "QUEUE_TRACKING_TABLE") ? 0 : toleratedSearchErrors;
  return {
    ...quiet,
    name: `${lambda.label}-search`,
    kind: "search",
    description:
      "More than 2 % of what was asked of the search domain failed; the tables answer, and what is new waits",
    topic: "alarms",
    metrics: {
      requests: own(lambda, metricNames.searchRequests),
      errors: own(lambda, metricNames.searchErrors),
    },
    expression: `IF(FILL(errors, 0) > ${tolerated}, 100 * errors / requests, 0)`,
    threshold: 2,
  };
};

/** What can go wrong with any function. */
export const lambdaAlarms = (lambda: Lambda): AlarmDefinition[] => {
  const { label, args } = lambda;
  const slow = Math.floor((args.timeout * 25) / 30);
  return [
    {
      ...quiet,
      name: `${label}-duration`,
      kind: "duration",
      description: `An invocation took more than ${slow} s of the ${args.timeout} s it has`,
      topic: "alarms",
      metrics: {
        duration: {
          namespace: "AWS/Lambda",
          name: "Duration",
          stat: "Maximum",
          dimensions: { FunctionName: lambda.physicalName },
        },
      },
      expression: "duration",
      threshold: slow * 1_000,
    },
    {
      ...quiet,
      name: `${label}-memory`,
      kind: "memory",
      description: `More than 80 % of ${args.memory} MB were used`,
      topic: "alarms",
      metrics: { used: { namespace: memoryNamespace, name: lambda.physicalName, stat: "Maximum", dimensions: {} } },
      expression: "used",
      threshold: args.memory * 0.8,
    },
    {
      ...quiet,
      name: `${label}-denied`,
      kind: "denied",
      description:
        "A call was refused, for want of permission or of a valid key; what it was for is kept and will be tried again",
      topic: "alarms",
      metrics: { denied: own(lambda, metricNames.errorPermission) },
      expression: "denied",
      threshold: 0,
    },
    ...(isGiven(lambda, "CACHE_HOST") ? [cacheAlarm(lambda)] : []),
    ...(isGiven(lambda, "SEARCH_ENDPOINT") ? [searchAlarm(lambda)] : []),
  ];
};
