import { metricNames } from "../../functions/processing/observe/metrics";
import { type Metric, own } from "../alarmDefinition";
import type { Watched } from "../alarmDefinitions";
import { prices } from "../prices";
import type { Tables } from "../tables";
import { publishersOf } from "./events";
import { lambdasOf, ofLambda } from "./functions";
import { type Line, sum } from "./line";
import { areas, type Widget } from "./widget";

interface Cost {
  label: string;
  metrics: Record<string, Metric | readonly Metric[]>;
  /** In dollars. */
  expression: string;
}

const computing = (watched: Watched): Cost => {
  const lambdas = lambdasOf(watched);
  const sizes = [...new Set(lambdas.map(({ args }) => args.memory))].sort((a, b) => a - b);
  const durations = Object.fromEntries(
    sizes.map((size) => [
      `d${size}`,
      lambdas.filter(({ args }) => args.memory === size).map((lambda) => ofLambda(lambda, "Duration", "Sum")),
    ]),
  );
  const gigabyteSeconds = sizes.map((size) => `FILL(SUM(d${size}), 0) * ${size / 1_024 / 1_000}`).join(" + ");
  return {
    label: "functions",
    metrics: { ...durations, invoked: lambdas.map((lambda) => ofLambda(lambda, "Invocations", "Sum")) },
    expression: `(${gigabyteSeconds}) * ${prices.lambdaGbSecond} + FILL(SUM(invoked), 0) * ${prices.lambdaRequest}`,
  };
};

const storing = (tables: Tables): Cost => {
  const of = (name: string): Metric[] =>
    Object.values(tables).map(({ resource }) => ({
      namespace: "AWS/DynamoDB",
      name,
      stat: "Sum",
      dimensions: { TableName: resource.name },
    }));
  return {
    label: "tables",
    metrics: { reads: of("ConsumedReadCapacityUnits"), writes: of("ConsumedWriteCapacityUnits") },
    expression: `FILL(SUM(reads), 0) * ${prices.dynamodbRead} + FILL(SUM(writes), 0) * ${prices.dynamodbWrite}`,
  };
};

const publishing = (watched: Watched): Cost => ({
  label: "events",
  metrics: { published: publishersOf(watched).map((lambda) => own(lambda, metricNames.outboxPublished)) },
  expression: `FILL(SUM(published), 0) * ${prices.event}`,
});

const answering = ({ apis }: Watched): Cost => ({
  label: "API",
  metrics: {
    requests: apis.map(({ resource }) => ({
      namespace: "AWS/ApiGateway",
      name: "Count",
      stat: "Sum",
      dimensions: { ApiId: resource.id },
    })),
  },
  expression: `FILL(SUM(requests), 0) * ${prices.apiRequest}`,
});

const costs = (watched: Watched, tables: Tables): Cost[] => [
  computing(watched),
  storing(tables),
  publishing(watched),
  answering(watched),
];

/** All of it together, in dollars. */
export const costOfUse = (watched: Watched, tables: Tables): Line => sum("use, $ in 24 h", costs(watched, tables));

/** What use costs at list price, by what is used most. What is paid by the month, used or not, `npm run plan` tells. */
export const costWidget = (watched: Watched, tables: Tables): Widget =>
  areas("Cost of use at list price", {
    lines: costs(watched, tables).map(({ label, metrics, expression }) => ({
      label,
      metrics,
      expression: `100 * (${expression})`,
    })),
    units: { left: "US cents in 5 min" },
  });
