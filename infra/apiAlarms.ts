import { type AlarmDefinition, type Metric, quiet, share } from "./alarmDefinition";
import type { HttpApi } from "./httpApi";
import { lambdaAlarms } from "./lambdaAlarms";

const slowestMs = 5_000;

const ofApi = ({ resource }: HttpApi, name: string, stat: Metric["stat"] = "Sum"): Metric => ({
  namespace: "AWS/ApiGateway",
  name,
  stat,
  dimensions: { ApiId: resource.id },
});

/** An API as its callers see it, and each of its functions. */
export const apiAlarms = (api: HttpApi, minimum: number): AlarmDefinition[] => [
  {
    ...quiet,
    name: `${api.label}-errors`,
    kind: "api-errors",
    description: "More than 1 % of the requests to the API were answered with an error of ours",
    topic: "alarms",
    metrics: { requests: ofApi(api, "Count"), errors: ofApi(api, "5xx") },
    expression: share("errors", "requests", minimum),
    threshold: 1,
  },
  {
    ...quiet,
    name: `${api.label}-latency`,
    kind: "api-latency",
    description: `One in a hundred requests to the API took more than ${slowestMs / 1_000} s, in two periods`,
    topic: "alarms",
    metrics: { latency: ofApi(api, "Latency", "p99") },
    expression: "latency",
    threshold: slowestMs,
    periods: 2,
  },
  ...api.lambdas.flatMap(lambdaAlarms),
];
