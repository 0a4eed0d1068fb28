import { expect } from "chai";
import { ingestMetrics } from "../../../local/cloudWatch/ingest";
import { logLine } from "../../../local/cloudWatch/logLine";
import { defineMetricFilter } from "../../../local/cloudWatch/metricFilter";
import { MetricStore } from "../../../local/cloudWatch/metrics";
import { Refused } from "../../../local/cloudWatch/refused";

const noon = Date.UTC(2026, 0, 20, 12);

const define = (transformation: object, pattern = '{ $.type = "report" }') =>
  defineMetricFilter({
    name: "memory",
    logGroupName: "/shop",
    pattern,
    metricTransformation: { namespace: "Shop", name: "Used", value: "1", ...transformation },
  });

const apply = (transformation: object, line: unknown, pattern?: string) =>
  define(transformation, pattern).apply(logLine(typeof line === "string" ? line : JSON.stringify(line)), noon);

describe("a metric filter", () => {
  it("reads a number out of a line that matches", () => {
    expect(
      apply({ value: "$.record.used", unit: "Megabytes" }, { type: "report", record: { used: 88 } }),
    ).to.deep.equal({
      namespace: "Shop",
      name: "Used",
      dimensions: {},
      timestamp: noon,
      values: [88],
      unit: "Megabytes",
    });
    expect(apply({ value: "$.used" }, { type: "report", used: "8.5" })?.values).to.deep.equal([8.5]);
  });

  it("counts lines", () => {
    expect(apply({}, "an ERROR", "ERROR")?.values).to.deep.equal([1]);
    expect(apply({ value: "2.5" }, "an ERROR", "ERROR")?.values).to.deep.equal([2.5]);
  });

  it("makes nothing of a line that does not match, or has no such number", () => {
    expect(apply({}, { type: "start" })).to.equal(undefined);
    for (const used of [undefined, null, "much", "", {}]) {
      expect(apply({ value: "$.used", defaultValue: 0 }, { type: "report", used })).to.equal(undefined);
    }
  });

  it("gives the default value for lines that do not match", () => {
    expect(apply({ defaultValue: 0 }, { type: "start" })?.values).to.deep.equal([0]);
    expect(apply({ defaultValue: "3" }, "text")?.values).to.deep.equal([3]);
  });

  it("takes dimensions from the line, and leaves out a line that lacks one", () => {
    const transformation = { dimensions: { Function: "$.fn", Code: "$.code" } };
    expect(apply(transformation, { type: "report", fn: "pay", code: 3 })?.dimensions).to.deep.equal({
      Function: "pay",
      Code: "3",
    });
    expect(apply(transformation, { type: "report", fn: "pay" })).to.equal(undefined);
    expect(apply(transformation, { type: "report", fn: "", code: 3 })).to.equal(undefined);
  });

  const refused: [why: string, work: () => unknown][] = [
    ["the metric value $size, other than a number or $.path, is not supported", () => define({ value: "$size" })],
    ["a default value does not go with dimensions", () => define({ defaultValue: 0, dimensions: { A: "$.a" } })],
    [
      "metric filter memory: metricTransformation.dimensions",
      () => define({ dimensions: { A: "$.a", B: "$.b", C: "$.c", D: "$.d" } }),
    ],
    ["metricTransformation.colour", () => define({ colour: "red" })],
    ["a space-delimited filter pattern", () => define({}, "[a, b]")],
    ["d must begin with $.", () => define({ dimensions: { A: "d" } })],
  ];
  for (const [why, work] of refused) {
    it(`is refused: ${why}`, () => {
      expect(work).to.throw(Refused, why);
    });
  }
});

describe("the intake of log events", () => {
  const line = (timestamp: number) =>
    JSON.stringify({
      _aws: {
        Timestamp: timestamp,
        CloudWatchMetrics: [
          { Namespace: "Shop", Dimensions: [["service"]], Metrics: [{ Name: "Sold" }, { Name: "Lost" }] },
        ],
      },
      service: "cart",
      Sold: 3,
      type: "report",
    });

  it("stores what is embedded and what filters find, and tells what it could not store", () => {
    const metrics = new MetricStore(() => noon);
    const events = [line(noon), line(1_000), "text"].map((message) => ({ message, timestamp: noon }));
    const reasons = ingestMetrics(events, [define({ value: "$.Sold" })], metrics);
    const read = (name: string, dimensions: Record<string, string>) =>
      metrics.statistics({ namespace: "Shop", name, dimensions, stat: "Sum" }, noon, noon + 60_000, 60)[0]?.value;
    expect(read("Sold", { service: "cart" })).to.equal(3);
    expect(read("Used", {})).to.equal(6);
    expect(reasons).to.deep.equal([
      "the metric Lost must be a number, or a list of numbers, at the root",
      "the metric Lost must be a number, or a list of numbers, at the root",
      "metric Sold: a timestamp lies at most two weeks back and two hours ahead",
    ]);
  });

  it("lets an error that is its own through", () => {
    const broken = {
      put: () => {
        throw new Error("broken");
      },
    } as unknown as MetricStore;
    expect(() => ingestMetrics([{ message: line(noon), timestamp: noon }], [], broken)).to.throw("broken");
  });
});
