import type { MetricDatum } from "../../cloudWatch/metricData";
import type { Received, Routed } from "../request/event";
import type { End } from "./accessLog";

export type OnMetric = (datum: MetricDatum) => void;

/** What API Gateway tells CloudWatch of each request; zeros too, so that rates have something to be a rate of. */
export const requestMetrics = (
  onMetric: OnMetric,
  { api, stage, route, at }: Received & Partial<Routed>,
  { status, bytes, latencyMs, integration }: End,
): void => {
  const measured: [name: string, value: number, unit: string][] = [
    ["Count", 1, "Count"],
    ["4xx", Number(status >= 400 && status < 500), "Count"],
    ["5xx", Number(status >= 500), "Count"],
    ["Latency", latencyMs, "Milliseconds"],
    ["DataProcessed", bytes, "Bytes"],
    ...(integration ? [["IntegrationLatency", integration.latencyMs, "Milliseconds"] as [string, number, string]] : []),
  ];
  const dimensions: Record<string, string>[] = [
    { ApiId: api.id },
    { ApiId: api.id, Stage: stage.name },
    ...(stage.detailedMetrics && route ? [{ ApiId: api.id, Stage: stage.name, Route: route.key }] : []),
  ];
  for (const each of dimensions) {
    for (const [name, value, unit] of measured) {
      onMetric({ namespace: "AWS/ApiGateway", name, dimensions: each, timestamp: at, values: [value], unit });
    }
  }
};
