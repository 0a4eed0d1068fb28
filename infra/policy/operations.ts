import { each, list, ofType, type Resource, type Rule, type Violation, violation } from "./resource";

export const unretainedLogs: Rule = {
  name: "unretained-logs",
  description: "Every log group says how long it is kept.",
  judge: each("aws:cloudwatch/logGroup:LogGroup", ({ retentionInDays }) =>
    Number(retentionInDays) > 0 ? undefined : "keeps its lines for ever",
  ),
};

/** What a queue that takes what others gave up may be called: it needs none of its own. */
const givenUp = /-(dlq|undelivered)$/;

const withoutDeadLetters = [
  each("aws:sqs/queue:Queue", ({ name, redrivePolicy }) =>
    redrivePolicy || givenUp.test(String(name)) ? undefined : "has no dead letter queue",
  ),
  each("aws:cloudwatch/eventTarget:EventTarget", ({ deadLetterConfig, arn }) =>
    // A function that the clock starts has a destination of its own for what failed.
    deadLetterConfig || String(arn).includes(":lambda:") ? undefined : "has no dead letter queue",
  ),
  each("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", ({ destinationConfig }) =>
    (destinationConfig as { onFailure?: unknown } | undefined)?.onFailure
      ? undefined
      : "has no destination for failures",
  ),
];

export const noDeadLetters: Rule = {
  name: "no-dead-letters",
  description: "Whatever may fail to be delivered has a place where it is kept.",
  judge: (resources) => withoutDeadLetters.flatMap((judge) => judge(resources)),
};

interface Query {
  metric?: { metricName?: string; dimensions?: Record<string, unknown> };
}

const watchedNames = (alarms: readonly Resource[]): Set<unknown> =>
  new Set(
    alarms.flatMap(({ props }) =>
      list(props["metricQueries"]).flatMap((query) => {
        const { metricName, dimensions = {} } = (query as Query).metric ?? {};
        return [metricName, ...Object.values(dimensions)];
      }),
    ),
  );

const deployOnly = (resources: readonly Resource[]): Set<unknown> =>
  new Set(ofType(resources, "aws:lambda/invocation:Invocation").map(({ props }) => props["functionName"]));

const unwatched = (resources: readonly Resource[]): Violation[] => {
  const watched = watchedNames(ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm"));
  // What runs while it is deployed fails the deployment, and so tells of itself.
  const exempt = deployOnly(resources);
  return ofType(resources, "aws:lambda/function:Function").flatMap((one) =>
    watched.has(one.props["name"]) || exempt.has(one.props["name"]) ? [] : [violation(one, "has no alarm")],
  );
};

export const noAlarm: Rule = {
  name: "no-alarm",
  description: "Every function is watched by an alarm, and every alarm tells somebody.",
  judge: (resources) => [
    ...unwatched(resources),
    ...each("aws:cloudwatch/metricAlarm:MetricAlarm", ({ alarmActions }) =>
      list(alarmActions).length > 0 ? undefined : "tells nobody",
    )(resources),
  ],
};

export const unrecoverable: Rule = {
  name: "unrecoverable",
  description: "In prod, tables can be brought back to any moment, and are not deleted by mistake.",
  judge: (resources) =>
    ofType(resources, "aws:dynamodb/table:Table")
      .filter(({ props }) => String(props["name"]).startsWith("signal9-prod-"))
      .flatMap((table) => {
        const { pointInTimeRecovery, deletionProtectionEnabled } = table.props;
        const recoverable = (pointInTimeRecovery as { enabled?: boolean } | undefined)?.enabled === true;
        return recoverable && deletionProtectionEnabled === true ? [] : [violation(table, "could be lost")];
      }),
};
