import { expect } from "chai";
import { metricNames } from "../../functions/processing/observe/metrics";
import { ofType, programOf, stacks } from "./program";

interface Query {
  id: string;
  expression?: string;
  returnData?: boolean;
  metric?: { namespace: string; metricName: string; dimensions: Record<string, string> };
}

const platformMetrics: Record<string, string[]> = {
  "AWS/Lambda": ["Duration"],
  "AWS/SQS": ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
  "AWS/Events": ["Invocations", "FailedInvocations"],
};

describe("alarms", () => {
  for (const stack of stacks) {
    it(`of ${stack} act on a topic of ours, both ways, and say what silence means`, async () => {
      const run = await programOf({ stack });
      const alarms = ofType(run, "aws:cloudwatch/metricAlarm:MetricAlarm");
      expect(alarms).to.have.length.greaterThan(10);
      for (const { inputs, name } of alarms) {
        const [action] = inputs["alarmActions"] as string[];
        expect(action, name).to.match(new RegExp(`^arn:aws:sns:us-east-1:123456789012:signal9-${stack}-`));
        expect(inputs["okActions"], name).to.deep.equal([action]);
        expect(inputs["treatMissingData"], name).to.be.oneOf(["breaching", "notBreaching"]);
        expect(inputs["alarmDescription"], name).to.be.a("string").and.have.length.greaterThan(10);
      }
    });
  }

  it("read metrics that exist: ours by the names the functions emit, AWS's by the names of resources we make", async () => {
    const run = await programOf({ stack: "dev" });
    const names = new Set(run.resources.map(({ inputs }) => inputs["name"]));
    const functions = ["markEarningsProcessed", "outboxSweeper"];
    const filters = ofType(run, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(
      ({ inputs }) => (inputs["metricTransformation"] as { name: string }).name,
    );
    for (const { inputs, name } of ofType(run, "aws:cloudwatch/metricAlarm:MetricAlarm")) {
      for (const { metric } of inputs["metricQueries"] as Query[]) {
        if (!metric) continue;
        const { namespace, metricName, dimensions } = metric;
        if (namespace === "Signal9/Memory") {
          expect(filters, name).to.include(metricName);
        } else if (namespace.startsWith("Signal9")) {
          expect(Object.values(metricNames), name).to.include(metricName);
          expect(Object.keys(dimensions), name).to.deep.equal(["function", "service"]);
          expect(functions, name).to.include(dimensions["function"]);
        } else {
          expect(platformMetrics[namespace], `${name} ${namespace}`).to.include(metricName);
          for (const value of Object.values(dimensions)) expect(names, name).to.include(value);
        }
      }
    }
  });

  it("return one series, whose expression names only metrics that the alarm has", async () => {
    for (const { inputs, name } of ofType(
      await programOf({ stack: "dev" }),
      "aws:cloudwatch/metricAlarm:MetricAlarm",
    )) {
      const queries = inputs["metricQueries"] as Query[];
      const judged = queries.filter(({ returnData }) => returnData);
      expect(judged, name).to.have.length(1);
      const ids = queries.filter(({ metric }) => metric).map(({ id }) => id);
      const used = [...(judged[0]?.expression ?? "").matchAll(/\b[a-z]\w*\b/g)].map(([id]) => id);
      expect([...new Set(used)].sort(), name).to.deep.equal(ids.sort());
    }
  });

  it("watch markEarningsProcessed at the limits it was given", async () => {
    const alarms = new Map(
      ofType(await programOf({ stack: "prod" }), "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name, inputs }) => [
        name.replace("mark-earnings-processed-", ""),
        [inputs["threshold"], inputs["evaluationPeriods"]],
      ]),
    );
    expect(Object.fromEntries([...alarms].filter(([name]) => !name.startsWith("outbox")))).to.deep.equal({
      duration: [25_000, 1],
      memory: [204.8, 1],
      denied: [0, 1],
      failures: [10, 1],
      "error-category": [15, 1],
      retries: [50, 1],
      "dead-letter-rate": [10, 1],
      "dead-letters": [100, 1],
      undelivered: [0, 1],
      delay: [300, 1],
      rule: [5, 1],
      validation: [5, 2],
    });
  });

  it("judge no rate below the traffic the stack asks for", async () => {
    const expression = async (stack: string) => {
      const alarm = ofType(await programOf({ stack }), "aws:cloudwatch/metricAlarm:MetricAlarm").find(
        ({ name }) => name === "mark-earnings-processed-failures",
      );
      return ((alarm?.inputs["metricQueries"] ?? []) as Query[]).find(({ returnData }) => returnData)?.expression;
    };
    expect(await expression("dev")).to.include("FILL(events, 0) >= 50");
    expect(await expression("prod")).to.include("FILL(events, 0) >= 20");
  });
});

describe("the dashboard", () => {
  it("shows every alarm, and draws only metrics that are emitted", async () => {
    const run = await programOf({ stack: "dev" });
    const body = JSON.parse(String(ofType(run, "aws:cloudwatch/dashboard:Dashboard")[0]?.inputs["dashboardBody"])) as {
      widgets: { type: string; x: number; width: number; properties: { alarms?: string[]; metrics?: string[][] } }[];
    };
    const [alarms, ...graphs] = body.widgets;
    expect(alarms?.properties.alarms).to.have.length(ofType(run, "aws:cloudwatch/metricAlarm:MetricAlarm").length);
    expect(graphs).to.have.length.greaterThan(5);
    for (const { x, width, properties } of graphs) {
      expect(x + width).to.be.at.most(24);
      for (const [namespace = "", name] of properties.metrics ?? []) {
        if (namespace === "Signal9" || namespace === "Signal9/DataValidation") {
          expect(Object.values(metricNames)).to.include(name);
        }
      }
    }
  });
});
