import * as aws from "@pulumi/aws";
import type { Watched } from "./alarmDefinitions";
import type { Lambda } from "./lambda";
import { physicalName } from "./naming";

/** Everything that writes lines of ours, each once. */
export const lambdasOf = (watched: Watched): Lambda[] => {
  const { consumers, schedules, deadLetters, workflow, search, experiments, streams, directTriggers, apis } = watched;
  const owners = [...consumers, ...schedules, deadLetters, ...streams, directTriggers];
  const called = [...Object.values(workflow.machine.steps), search, ...experiments];
  return [...new Set([...owners.map(({ lambda }) => lambda), ...called, ...apis.flatMap(({ lambdas }) => lambdas)])];
};

/** What on-call asks the logs, by the name under which Logs Insights offers it. */
export const queries: Record<string, readonly string[]> = {
  // The id stands for the one that is looked for.
  "one story": [
    "fields @timestamp, functionName, level, message, outcome, reason, durationMs, eventType, eventId, causationId",
    'filter correlationId = "CORRELATION"',
    "sort @timestamp asc",
    "limit 1000",
  ],
  "errors by reason": [
    // Retries that helped are asked for by themselves; what the runtime says of a crash is in errorMessage.
    'filter level in ["ERROR", "WARN"] and message != "retrying"',
    "stats count(*) as times by functionName, level, category, reason, errorMessage",
    "sort times desc",
    "limit 50",
  ],
  "how long events take": [
    'filter message = "handled"',
    "stats count(*) as events, pct(durationMs, 50) as p50, pct(durationMs, 99) as p99, max(lagMs) as lag by functionName",
    "sort p99 desc",
  ],
  // As the platform has it, of whatever is invoked; also what was cut off.
  "duration and memory": [
    "filter ispresent(record.metrics.maxMemoryUsedMB)",
    [
      "stats count(*) as invocations, pct(record.metrics.durationMs, 50) as p50, pct(record.metrics.durationMs, 99) as p99",
      "max(record.metrics.durationMs) as longest, max(record.metrics.maxMemoryUsedMB) as memory",
      "max(record.metrics.memorySizeMB) as ofMemory by @log",
    ].join(", "),
    "sort longest desc",
  ],
  "cold starts": [
    "filter ispresent(record.metrics.initDurationMs)",
    "stats count(*) as starts, pct(record.metrics.initDurationMs, 99) as p99 by @log",
    "sort starts desc",
  ],
  "retried calls": [
    'filter message = "retrying"',
    "stats count(*) as retries, max(attempt) as attempts by functionName, operation, category, reason",
    "sort retries desc",
  ],
  "what was refused": [
    'filter kind = "Permission" or category = "denied"',
    "fields @timestamp, functionName, message, reason, correlationId",
    "sort @timestamp desc",
    "limit 100",
  ],
  "dead letters": [
    'filter message = "stored a dead letter"',
    "fields @timestamp, origin, category, reason, eventType, correlationId, letterId",
    "sort @timestamp desc",
    "limit 100",
  ],
};

/** Saves the queries over all functions' logs. */
export const createQueries = (watched: Watched): aws.cloudwatch.QueryDefinition[] => {
  const logGroupNames = lambdasOf(watched).map(({ logGroup }) => logGroup.name);
  return Object.entries(queries).map(
    ([name, parts]) =>
      new aws.cloudwatch.QueryDefinition(name.replaceAll(" ", "-"), {
        name: physicalName(name.replaceAll(" ", "-")),
        queryString: parts.join("\n| "),
        logGroupNames,
      }),
  );
};
