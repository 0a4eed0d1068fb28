import { expect } from "chai";
import { errorKinds } from "../../functions/processing/failure";
import { metricNames } from "../../functions/processing/observe/metrics";
import { prices } from "../../infra/prices";
import { Meter } from "../../local/cloud/meter";
import { parseExpression } from "../../local/cloudWatch/metricMath";
import type { ProgramRun } from "../../local/engine/program";
import { ofType, programOf, stacks } from "./program";

type Drawn = Record<string, unknown>;

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: {
    alarms?: string[];
    metrics?: unknown[][];
    title?: string;
    markdown?: string;
    view?: string;
    yAxis?: { left?: { label?: string; max?: number } };
    annotations?: { horizontal: { label: string; value: number }[] };
  };
}

interface Entry {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  drawn: Drawn;
}

/** CloudWatch's own. */
const limits = {
  widgets: 500,
  metricsOfWidget: 500,
  metricsOfDashboard: 2_500,
  alarmsOfWidget: 100,
  columns: 24,
  expression: 2_048,
};

/** About as many rows as a screen shows. */
const screen = 26;

const platformMetrics: Record<string, { names: string[]; dimension: string }> = {
  "AWS/ApiGateway": { names: ["Count", "4xx", "5xx", "Latency"], dimension: "ApiId" },
  "AWS/DynamoDB": { names: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"], dimension: "TableName" },
  "AWS/Lambda": { names: ["Duration", "Errors", "Invocations", "IteratorAge", "Throttles"], dimension: "FunctionName" },
  "AWS/SQS": {
    names: ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
    dimension: "QueueName",
  },
  "AWS/States": {
    names: ["ExecutionTime", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"],
    dimension: "StateMachineArn",
  },
};

const bodyOf = (run: ProgramRun) => {
  const [dashboard] = ofType(run, "aws:cloudwatch/dashboard:Dashboard");
  return String(dashboard?.inputs["dashboardBody"]);
};

const widgetsIn = (run: ProgramRun): Widget[] => (JSON.parse(bodyOf(run)) as { widgets: Widget[] }).widgets;

/** The metrics of a widget, without what is computed of them. */
const metricsOf = ({ properties }: Widget): Entry[] =>
  (properties.metrics ?? []).flatMap(([namespace, name, ...rest]) => {
    if (typeof namespace !== "string") return [];
    const drawn = rest.pop() as Drawn;
    const dimensions = Object.fromEntries(rest.flatMap((key, at) => (at % 2 === 0 ? [[key, rest[at + 1]]] : [])));
    return [{ namespace, name: String(name), dimensions, drawn }];
  });

const expressionsOf = ({ properties }: Widget): { expression: string; id: string; label?: string }[] =>
  (properties.metrics ?? []).flatMap(([first]) =>
    typeof first === "object" ? [first as { expression: string; id: string; label?: string }] : [],
  );

describe("the dashboard", () => {
  for (const stack of stacks) {
    it(`of ${stack} keeps within what CloudWatch takes, and on one screen`, async () => {
      const widgets = widgetsIn(await programOf({ stack }));
      expect(widgets.length).to.be.within(20, limits.widgets);
      const counts = widgets.map((widget) => metricsOf(widget).length);
      expect(Math.max(...counts)).to.be.at.most(limits.metricsOfWidget);
      expect(counts.reduce((sum, count) => sum + count, 0)).to.be.at.most(limits.metricsOfDashboard);
      for (const { x, y, width, height } of widgets) {
        expect(x + width).to.be.at.most(limits.columns);
        expect(y + height).to.be.at.most(screen);
      }
      const cells = widgets.flatMap(({ x, y, width, height }) =>
        Array.from({ length: width * height }, (_, at) => `${x + (at % width)} ${y + Math.floor(at / width)}`),
      );
      expect(new Set(cells).size).to.equal(cells.length);
      expect(cells).to.have.length(limits.columns * Math.max(...widgets.map(({ y, height }) => y + height)));
    });

    it(`of ${stack} shows every alarm once, the critical ones first, before everything else`, async () => {
      const run = await programOf({ stack });
      const shown = widgetsIn(run).filter(({ type }) => type === "alarm");
      const alarms = ofType(run, "aws:cloudwatch/metricAlarm:MetricAlarm");
      const arn = (name: unknown) => `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`;
      const listed = shown.flatMap(({ properties }) => properties.alarms ?? []);
      expect([...listed].sort()).to.deep.equal(alarms.map(({ inputs }) => arn(inputs["name"])).sort());
      for (const { y, properties } of shown) {
        expect(y).to.equal(1);
        expect(properties.alarms?.length).to.be.within(1, limits.alarmsOfWidget);
        const grave = properties.title?.startsWith("Critical") ? "(critical)" : "(warning)";
        for (const one of properties.alarms ?? []) {
          const alarm = alarms.find(({ inputs }) => arn(inputs["name"]) === one);
          expect(alarm?.inputs["alarmDescription"]).to.include(grave);
        }
      }
      const titles = shown.map(({ properties }) => String(properties.title));
      expect(titles).to.deep.equal(titles.toSorted());
    });

    it(`of ${stack} draws only metrics that are emitted, by what there is`, async () => {
      const run = await programOf({ stack });
      const names = new Set(run.resources.flatMap(({ inputs, id }) => [inputs["name"], id]));
      const functions = ofType(run, "aws:lambda/function:Function").flatMap(({ inputs }) =>
        Object.keys(inputs["code"] as object).flatMap((path) => /^processing\/(\w+)\.js$/.exec(path)?.[1] ?? []),
      );
      const filtered = ofType(run, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(({ inputs }) => {
        const { namespace, name } = inputs["metricTransformation"] as { namespace: string; name: string };
        return `${namespace} ${name}`;
      });
      const seen = new Set<string>();
      for (const widget of widgetsIn(run)) {
        for (const { namespace, name, dimensions } of metricsOf(widget)) {
          seen.add(namespace);
          const where = `${widget.properties.title}: ${namespace} ${name}`;
          const platform = platformMetrics[namespace];
          if (platform) {
            expect(platform.names, where).to.include(name);
            const [[dimension, value] = [], ...more] = Object.entries(dimensions);
            expect([dimension, more], where).to.deep.equal([platform.dimension, []]);
            expect(names.has(value?.split(":").at(-1) ?? ""), `${where} ${value}`).to.equal(true);
          } else if (Object.keys(dimensions).length === 0) {
            expect(filtered, where).to.include(`${namespace} ${name}`);
          } else {
            expect(namespace, where).to.be.oneOf(["Signal9", "Signal9/DataValidation"]);
            expect(Object.values(metricNames), where).to.include(name);
            expect(Object.keys(dimensions), where).to.deep.equal(["service", "function"]);
            expect(dimensions["service"]).to.equal(`signal9-${stack}-platform`);
            expect(functions, where).to.include(dimensions["function"]);
          }
        }
      }
      expect([...seen]).to.include.members([...Object.keys(platformMetrics), "Signal9", "Signal9/ColdStart"]);
    });
  }

  it("computes only of what it has, each under a name of its own", async () => {
    for (const widget of widgetsIn(await programOf({ stack: "dev" }))) {
      const expressions = expressionsOf(widget);
      const ids = [...metricsOf(widget).flatMap(({ drawn }) => drawn["id"] ?? []), ...expressions.map(({ id }) => id)];
      expect(new Set(ids).size, widget.properties.title).to.equal(ids.length);
      for (const { expression } of expressions) {
        parseExpression(expression);
        expect(expression).to.have.lengthOf.at.most(limits.expression);
        const used = [...expression.matchAll(/\b[a-z]\w*\b/g)].map(([id]) => id);
        expect(ids, `${widget.properties.title} ${expression}`).to.include.members(used);
      }
    }
  });

  it("says of every panel what it shows and in which unit, and of every line what it is", async () => {
    for (const widget of widgetsIn(await programOf({ stack: "dev" }))) {
      const { title, view, yAxis } = widget.properties;
      if (widget.type === "text") continue;
      expect(title).to.match(/^[A-Z].{4,}/);
      if (view === "timeSeries") expect(yAxis?.left?.label, title).to.match(/\w/);
      const lines = [...metricsOf(widget).map(({ drawn }) => drawn), ...expressionsOf(widget)] as Drawn[];
      for (const { label, visible, expression } of lines) {
        if (visible === false || String(expression).startsWith("SORT(")) continue;
        expect(label, title).to.be.a("string");
      }
    }
  });

  const titled = async (title: string): Promise<Widget> => {
    const found = widgetsIn(await programOf({ stack: "dev" })).find(({ properties }) => properties.title === title);
    if (!found) throw new Error(`there is no widget ${title}`);
    return found;
  };
  const tellers = (widget: Widget, name: string): unknown[] =>
    metricsOf(widget).flatMap((metric) => (metric.name === name ? [metric.dimensions["function"]] : []));

  it("takes limits and what they are of from the table of alarms", async () => {
    const alarms = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/metricAlarm:MetricAlarm");
    const named = (ending: string) => alarms.filter(({ name }) => name.endsWith(ending)).map(({ name }) => name);
    const oldest = await titled("Queues: the oldest message");
    expect(oldest.properties.annotations?.horizontal).to.deep.equal([{ label: "alarm: 300", value: 300 }]);
    const labels = expressionsOf(oldest).flatMap(({ label }) => (label === undefined ? [] : [`${label}-delay`]));
    expect(labels).to.deep.equal(named("-delay").filter((name) => name !== "jobs-delay"));
    const memory = await titled("Functions: memory, the fullest");
    expect(metricsOf(memory)).to.have.length(named("-memory").length);
    const threshold = alarms.find(({ name }) => name === "ingestion-memory")?.inputs["threshold"];
    expect(expressionsOf(memory).find(({ label }) => label === "ingestion")?.expression).to.match(
      new RegExp(`^100 \\* \\(line\\d+_used_0\\) / ${threshold}$`),
    );
  });

  it("draws the calls of all whose calls are few, and the cache of all that use it", async () => {
    const calls = await titled("Provider: calls");
    for (const name of ["CallsReserved", "CallsRefused", "CallsGivenBack"]) {
      expect(tellers(calls, name)).to.deep.equal(["ingestion", "earningsSync", "newsSync"]);
    }
    const cache = await titled("Cache");
    for (const name of ["CacheHits", "CacheMisses", "CacheFailures"]) {
      expect(tellers(cache, name)).to.deep.equal(["ingestion", "ruleBasedAnalysis"]);
    }
    const budget = await titled("Calls made, 24 h");
    expect(budget.properties.yAxis?.left?.max).to.equal(25);
    const categories = await titled("Event flow: failures, by category");
    expect(expressionsOf(categories).map(({ label }) => label)).to.deep.equal([...errorKinds]);
  });

  it("counts every function, and reckons by the prices that the embedded cloud's meter has", async () => {
    const cold = ofType(await programOf({ stack: "dev" }), "aws:lambda/function:Function");
    const invoked = metricsOf(await titled("Functions: invocations")).filter(({ name }) => name === "Invocations");
    const uncounted = cold.filter(
      ({ inputs }) => !invoked.some(({ dimensions }) => dimensions["FunctionName"] === inputs["name"]),
    );
    expect(uncounted.map(({ name }) => name)).to.deep.equal(["create-indices"]);
    const dollars = (what: Parameters<Meter["add"]>[0]) => {
      const meter = new Meter();
      meter.add(what);
      return meter.bill().dollars;
    };
    expect(prices).to.deep.equal({
      lambdaRequest: dollars("lambda request"),
      lambdaGbSecond: dollars("lambda GB-second"),
      dynamodbRead: dollars("dynamodb read unit"),
      dynamodbWrite: dollars("dynamodb write unit"),
      event: dollars("eventbridge event"),
      apiRequest: dollars("apigateway request"),
    });
  });
});
