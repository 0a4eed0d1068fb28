import { expect } from "chai";
import { defineAlarm } from "../../../local/cloudWatch/alarm";
import { Refused } from "../../../local/cloudWatch/refused";

const single = {
  name: "slow",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 5,
  evaluationPeriods: 3,
  namespace: "Shop",
  metricName: "Latency",
  dimensions: { service: "cart" },
  statistic: "Maximum",
  period: 60,
};

const metric = (id: string, over = {}) => ({
  id,
  metric: { namespace: "Shop", metricName: id, stat: "Sum", period: 300, ...over },
});

const queries = (...metricQueries: object[]) => ({
  name: "share",
  comparisonOperator: "LessThanOrEqualToThreshold",
  threshold: 5,
  evaluationPeriods: 1,
  metricQueries,
});

describe("an alarm's definition", () => {
  it("reads a single metric", () => {
    expect(
      defineAlarm({
        ...single,
        okActions: ["arn:ok"],
        treatMissingData: "ignore",
        unit: "Seconds",
        tags: { team: "a" },
      }),
    ).to.deep.include({
      name: "slow",
      missing: "ignore",
      period: 60,
      actionsEnabled: true,
      tags: { team: "a" },
      actions: { OK: ["arn:ok"], ALARM: [], INSUFFICIENT_DATA: [] },
      watched: {
        kind: "metric",
        metric: {
          namespace: "Shop",
          name: "Latency",
          dimensions: { service: "cart" },
          stat: "Maximum",
          unit: "Seconds",
        },
      },
    });
  });

  it("reads a percentile", () => {
    const { statistic, ...rest } = single;
    const { watched } = defineAlarm({ ...rest, extendedStatistic: "p99" });
    expect(watched).to.have.nested.property("metric.stat", "p99");
  });

  it("reads queries, whose expressions may use each other", () => {
    const alarm = defineAlarm(
      queries(
        metric("a"),
        { id: "twice", expression: "2 * a" },
        { id: "e", expression: "twice + a", returnData: true },
      ),
    );
    expect(alarm.period).to.equal(300);
    expect(alarm.watched).to.have.nested.property("queries.length", 3);
  });

  it("takes the period from an expression that has no metric", () => {
    const alarm = defineAlarm(queries({ id: "e", expression: "TIME_SERIES(1)", period: 120, returnData: true }));
    expect(alarm.period).to.equal(120);
  });

  const refused: [why: string, given: Record<string, unknown>][] = [
    ["alarm slow: metrics is not supported", { ...single, metrics: [] }],
    ["metricQueries.0.accountId is not supported", queries({ ...metric("a"), accountId: "1", returnData: true })],
    [
      "LessThanLowerThreshold, which needs anomaly detection, is not supported",
      { ...single, comparisonOperator: "LessThanLowerThreshold" },
    ],
    ["thresholdMetricId, which needs anomaly detection, is not supported", { ...single, thresholdMetricId: "band" }],
    [
      "evaluateLowSampleCountPercentiles: ignore is not supported",
      { ...single, evaluateLowSampleCountPercentiles: "ignore" },
    ],
    ["alarm slow: a period of 10 s", { ...single, period: 10 }],
    ["comparisonOperator: ", { ...single, comparisonOperator: "Near" }],
    ["treatMissingData: ", { ...single, treatMissingData: "fine" }],
    ["a threshold is needed", { ...single, threshold: undefined }],
    ["datapointsToAlarm is at most evaluationPeriods", { ...single, datapointsToAlarm: 4 }],
    ["together at most a day", { ...single, period: 300, evaluationPeriods: 289 }],
    ["together at most a day", { ...single, period: 3_600, evaluationPeriods: 169 }],
    ["namespace, metricName, period and a statistic are needed", { ...single, namespace: undefined }],
    ["either statistic or extendedStatistic", { ...single, extendedStatistic: "p90" }],
    ["the statistic tm90 is not supported", { ...single, statistic: undefined, extendedStatistic: "tm90" }],
    ["either metricQueries or a single metric", { ...single, metricQueries: [metric("a")] }],
    ["exactly one query of an alarm returns data", queries(metric("a"))],
    ["two queries have one id", queries({ ...metric("a"), returnData: true }, metric("a"))],
    [
      "all metrics of an alarm have the same period",
      queries({ ...metric("a"), returnData: true }, metric("b", { period: 60 })),
    ],
    ["one query at least says its period", queries({ id: "e", expression: "TIME_SERIES(1)", returnData: true })],
    ["takes either a metric or an expression", queries({ id: "e", returnData: true })],
    ["an id begins with a lowercase letter", queries({ ...metric("A"), returnData: true })],
    ["no metric or expression with the id b", queries(metric("a"), { id: "e", expression: "a + b", returnData: true })],
    [
      "exactly one time series",
      queries(metric("a"), metric("b"), { id: "e", expression: "METRICS()", returnData: true }),
    ],
    [
      "the metric math function ANOMALY_DETECTION_BAND is not supported",
      queries(metric("a"), { id: "e", expression: "ANOMALY_DETECTION_BAND(a)", returnData: true }),
    ],
  ];
  for (const [why, given] of refused) {
    it(`refuses: ${why}`, () => {
      expect(() => defineAlarm(given)).to.throw(Refused, why);
    });
  }
});
