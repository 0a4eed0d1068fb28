import { expect } from "chai";
import {
  type Alarm,
  createAlarm,
  defineAlarm,
  evaluateAlarm,
  setAlarmState,
  updateAlarm,
} from "../../../local/cloudWatch/alarm";
import { MetricStore } from "../../../local/cloudWatch/metrics";
import { Refused } from "../../../local/cloudWatch/refused";

const minute = 60_000;
const noon = Date.UTC(2026, 0, 20, 12);
const site = { account: "123456789012", region: "us-east-1" };

const slow = {
  name: "slow",
  alarmDescription: "too slow",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 5,
  evaluationPeriods: 1,
  namespace: "Shop",
  metricName: "Latency",
  dimensions: { service: "cart" },
  statistic: "Maximum",
  period: 60,
  treatMissingData: "notBreaching",
  alarmActions: ["arn:alarm"],
  okActions: ["arn:ok"],
  insufficientDataActions: ["arn:none"],
};

/** An alarm, a clock and metrics that it watches. */
const world = (given: Record<string, unknown>, start = noon) => {
  let now = start;
  const metrics = new MetricStore(() => now);
  let alarm: Alarm = createAlarm(defineAlarm(given), now);
  const evaluate = () => {
    const outcome = evaluateAlarm(alarm, metrics, now, site);
    alarm = outcome.alarm;
    return outcome.transition;
  };
  return {
    get alarm() {
      return alarm;
    },
    put: (value: number, name = "Latency") =>
      metrics.put([{ namespace: "Shop", name, dimensions: { service: "cart" }, timestamp: now, values: [value] }]),
    /** Turns the clock and evaluates after each minute; the transitions come back. */
    pass: (minutes: number) =>
      Array.from({ length: minutes }, () => {
        now += minute;
        return evaluate();
      }).filter((transition) => transition !== undefined),
    set: (value: "OK" | "ALARM", reasonData = "") => {
      const outcome = setAlarmState(alarm, { value, reason: "by hand", reasonData }, now, site);
      alarm = outcome.alarm;
      return outcome.transition;
    },
  };
};

const reasons = (given: Record<string, unknown>, values: readonly (number | undefined)[]): (string | undefined)[] => {
  const at = world(given);
  return values.map((value) => {
    if (value !== undefined) at.put(value);
    return at.pass(1)[0]?.message && at.alarm.state.reason;
  });
};

describe("an alarm", () => {
  it("begins without data, and says so", () => {
    const { alarm } = world(slow);
    expect(alarm.state).to.deep.equal({
      value: "INSUFFICIENT_DATA",
      reason: "Unchecked: Initial alarm creation",
      reasonData: "",
      updatedAt: noon,
    });
    expect(alarm.history.map(({ type, summary }) => [type, summary])).to.deep.equal([
      ["ConfigurationUpdate", 'Alarm "slow" created'],
    ]);
  });

  it("runs the actions of the state it moves to, once", () => {
    const at = world(slow);
    expect(at.pass(2).map(({ from, to, actions }) => [from, to, actions])).to.deep.equal([
      ["INSUFFICIENT_DATA", "OK", ["arn:ok"]],
    ]);
    at.put(9);
    expect(at.pass(2).map(({ from, to, actions }) => [from, to, actions])).to.deep.equal([
      ["OK", "ALARM", ["arn:alarm"]],
    ]);
    expect(at.pass(3).map(({ to }) => to)).to.deep.equal(["OK"]);
    expect(at.alarm.history.map(({ summary }) => summary)).to.deep.equal([
      "Alarm updated from ALARM to OK",
      "Alarm updated from OK to ALARM",
      "Alarm updated from INSUFFICIENT_DATA to OK",
      'Alarm "slow" created',
    ]);
    expect(JSON.parse(at.alarm.history[1]?.data ?? "")).to.have.nested.property(
      "newState.stateReasonData.recentDatapoints[0]",
      9,
    );
  });

  it("sees a breaching point for two more periods before missing ones are taken instead", () => {
    const at = world(slow);
    at.put(9);
    const seen = Array.from({ length: 5 }, () => {
      at.pass(1);
      return at.alarm.state.value;
    });
    expect(seen).to.deep.equal(["ALARM", "ALARM", "ALARM", "OK", "OK"]);
  });

  it("runs none while its actions are disabled", () => {
    const at = world({ ...slow, actionsEnabled: false });
    expect(at.pass(1)[0]).to.deep.include({ to: "OK", actions: [] });
  });

  it("judges periods that end at the last full minute", () => {
    const at = world({ ...slow, period: 300, statistic: "Sum" }, noon + 2 * minute + 10_000);
    at.put(4);
    at.pass(3);
    at.put(4);
    expect(at.pass(1).map(({ to }) => to)).to.deep.equal(["ALARM"]);
    expect(at.alarm.state.reason).to.equal(
      "Threshold Crossed: 1 datapoint [8.0 (20/01/26 12:01:00)] was greater than the threshold (5.0).",
    );
  });

  it("stays as it is where missing data is ignored", () => {
    const at = world({ ...slow, treatMissingData: "ignore" });
    at.put(9);
    expect(at.pass(10).map(({ to }) => to)).to.deep.equal(["ALARM"]);
  });

  it("has insufficient data where missing data is missing", () => {
    const at = world({ ...slow, treatMissingData: "missing", evaluationPeriods: 2, datapointsToAlarm: 1 });
    at.put(1);
    at.pass(1);
    expect(at.pass(5).map(({ to, actions }) => [to, actions])).to.deep.equal([["INSUFFICIENT_DATA", ["arn:none"]]]);
    expect(at.alarm.state.reason).to.equal("Insufficient Data: 2 datapoints were unknown.");
  });

  it("can be put into a state by hand, until it is evaluated", () => {
    const at = world(slow);
    at.pass(1);
    expect(at.set("ALARM", '{"a":1}')).to.deep.include({ to: "ALARM", actions: ["arn:alarm"] });
    expect(at.alarm.state.reason).to.equal("by hand");
    expect(at.set("ALARM")).to.equal(undefined);
    expect(at.pass(1).map(({ to }) => to)).to.deep.equal(["OK"]);
    expect(() => at.set("ALARM", "no JSON")).to.throw(Refused, "reason data must be JSON");
  });

  it("keeps its state when it is defined anew", () => {
    const at = world(slow);
    at.pass(1);
    const updated = updateAlarm(at.alarm, defineAlarm({ ...slow, threshold: 7 }), noon + 9);
    expect(updated.state.value).to.equal("OK");
    expect(updated.configuredAt).to.equal(noon + 9);
    expect(updated.history[0]?.summary).to.equal('Alarm "slow" updated');
  });

  it("remembers the last hundred things that happened", () => {
    const at = world(slow);
    for (let turn = 0; turn < 120; turn++) at.set(turn % 2 === 0 ? "ALARM" : "OK");
    expect(at.alarm.history).to.have.length(100);
  });
});

describe("an alarm on an expression", () => {
  const query = (id: string) => ({
    id,
    metric: { namespace: "Shop", metricName: id, stat: "Sum", period: 60, dimensions: { service: "cart" } },
  });
  const share = {
    name: "share",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 10,
    evaluationPeriods: 1,
    treatMissingData: "notBreaching",
    metricQueries: [
      query("events"),
      query("failed"),
      {
        id: "judged",
        expression: "IF(FILL(events, 0) >= 10, 100 * FILL(failed, 0) / events, 0)",
        label: "share",
        returnData: true,
      },
    ],
  };

  it("is not judged while there is too little to judge by, nor troubled by metrics without data", () => {
    const at = world(share);
    expect(at.pass(1).map(({ to }) => to)).to.deep.equal(["OK"]);
    at.put(9, "events");
    at.put(9, "failed");
    expect(at.pass(1)).to.deep.equal([]);
    at.put(20, "events");
    expect(at.pass(1)).to.deep.equal([]);
    at.put(20, "events");
    at.put(3, "failed");
    expect(at.pass(1).map(({ to }) => to)).to.deep.equal(["ALARM"]);
    expect(at.alarm.state.reason).to.include(
      "1 datapoint [15.0 (20/01/26 12:03:00)] was greater than the threshold (10.0)",
    );
  });

  it("tells the topic of its queries", () => {
    const at = world({
      ...share,
      metricQueries: [
        ...share.metricQueries.slice(1),
        { ...query("events"), metric: { ...query("events").metric, unit: "Count" } },
      ],
    });
    const [transition] = at.pass(1);
    expect(JSON.parse(transition?.message ?? "").Trigger).to.deep.equal({
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 10,
      TreatMissingData: "notBreaching",
      EvaluateLowSampleCountPercentile: "",
      Metrics: [
        {
          Id: "failed",
          ReturnData: false,
          MetricStat: {
            Metric: { Dimensions: [{ value: "cart", name: "service" }], MetricName: "failed", Namespace: "Shop" },
            Period: 60,
            Stat: "Sum",
          },
        },
        {
          Expression: "IF(FILL(events, 0) >= 10, 100 * FILL(failed, 0) / events, 0)",
          Id: "judged",
          Label: "share",
          ReturnData: true,
        },
        {
          Id: "events",
          ReturnData: false,
          MetricStat: {
            Metric: { Dimensions: [{ value: "cart", name: "service" }], MetricName: "events", Namespace: "Shop" },
            Period: 60,
            Stat: "Sum",
            Unit: "Count",
          },
        },
      ],
    });
  });

  it("may return a metric as it is", () => {
    const at = world({ ...share, metricQueries: [{ ...query("events"), returnData: true }] });
    at.put(11, "events");
    expect(at.pass(1).map(({ to }) => to)).to.deep.equal(["ALARM"]);
  });
});

describe("an alarm's notification", () => {
  it("is what CloudWatch sends to a topic", () => {
    const at = world({ ...slow, datapointsToAlarm: 1 });
    at.put(9);
    const [transition] = at.pass(1);
    expect(transition?.subject).to.equal('ALARM: "slow" in US East (N. Virginia)');
    expect(JSON.parse(transition?.message ?? "")).to.deep.equal({
      AlarmName: "slow",
      AlarmDescription: "too slow",
      AWSAccountId: "123456789012",
      AlarmConfigurationUpdatedTimestamp: "2026-01-20T12:00:00.000+0000",
      NewStateValue: "ALARM",
      NewStateReason:
        "Threshold Crossed: 1 out of the last 1 datapoints [9.0 (20/01/26 12:00:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).",
      StateChangeTime: "2026-01-20T12:01:00.000+0000",
      Region: "US East (N. Virginia)",
      AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:slow",
      OldStateValue: "INSUFFICIENT_DATA",
      OKActions: ["arn:ok"],
      AlarmActions: ["arn:alarm"],
      InsufficientDataActions: ["arn:none"],
      Trigger: {
        MetricName: "Latency",
        Namespace: "Shop",
        StatisticType: "Statistic",
        Statistic: "MAXIMUM",
        Unit: null,
        Dimensions: [{ value: "cart", name: "service" }],
        Period: 60,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 5,
        TreatMissingData: "notBreaching",
        EvaluateLowSampleCountPercentile: "",
      },
    });
    expect(JSON.parse(at.alarm.state.reasonData)).to.deep.equal({
      version: "1.0",
      queryDate: "2026-01-20T12:01:00.000+0000",
      startDate: "2026-01-20T12:00:00.000+0000",
      statistic: "Maximum",
      period: 60,
      recentDatapoints: [9],
      threshold: 5,
      evaluatedDatapoints: [{ timestamp: "2026-01-20T12:00:00.000+0000", value: 9 }],
    });
  });

  it("names a percentile, a missing description and an unlisted region", () => {
    const { statistic, alarmDescription, ...rest } = slow;
    const alarm = createAlarm(defineAlarm({ ...rest, extendedStatistic: "p99" }), noon);
    const elsewhere = { account: "1", region: "eu-south-2" };
    const metrics = new MetricStore(() => noon);
    const { transition } = evaluateAlarm(alarm, metrics, noon, elsewhere);
    const message = JSON.parse(transition?.message ?? "");
    expect(message).to.deep.include({ AlarmDescription: null, Region: "eu-south-2" });
    expect(message.Trigger).to.deep.include({ StatisticType: "ExtendedStatistic", ExtendedStatistic: "p99" });
  });
});

describe("the reason of an alarm's state", () => {
  it("tells the points that decided, newest first", () => {
    expect(reasons({ ...slow, evaluationPeriods: 2, treatMissingData: "missing" }, [6, 7.5, 1])).to.deep.equal([
      undefined,
      "Threshold Crossed: 2 datapoints [7.5 (20/01/26 12:01:00), 6.0 (20/01/26 12:00:00)] were greater than the threshold (5.0).",
      "Threshold Crossed: 1 datapoint [1.0 (20/01/26 12:02:00)] was not greater than the threshold (5.0).",
    ]);
  });

  it("tells how many of how many where not all have to agree", () => {
    const twoOfThree = {
      ...slow,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: "LessThanOrEqualToThreshold",
    };
    expect(reasons({ ...twoOfThree, treatMissingData: "breaching" }, [0.0001, 12_345_678, 2e9])).to.deep.equal([
      "Threshold Crossed: 1 out of the last 3 datapoints [1.0E-4 (20/01/26 12:00:00)] was less than or equal to the threshold (5.0) and 2 missing datapoints were treated as [Breaching] (minimum 2 datapoints for OK -> ALARM transition).",
      undefined,
      "Threshold Crossed: 2 out of the last 3 datapoints [2.0E9 (20/01/26 12:02:00), 1.2345678E7 (20/01/26 12:01:00)] were not less than or equal to the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).",
    ]);
  });

  it("tells what missing points were taken for", () => {
    expect(reasons({ ...slow, evaluationPeriods: 2 }, [undefined])).to.deep.equal([
      "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [NonBreaching].",
    ]);
    expect(reasons({ ...slow, treatMissingData: "breaching" }, [undefined])).to.deep.equal([
      "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].",
    ]);
    const oneOfTwo = { ...slow, evaluationPeriods: 2, datapointsToAlarm: 1, treatMissingData: "breaching" };
    expect(reasons(oneOfTwo, [0])).to.deep.equal([
      "Threshold Crossed: 1 datapoint was received for 2 periods and 1 missing datapoint was treated as [Breaching].",
    ]);
  });

  it("lists the last five where there are more", () => {
    const [reason] = reasons({ ...slow, evaluationPeriods: 6, treatMissingData: "missing" }, [9, 9, 9, 9, 9, 9]).slice(
      -1,
    );
    expect(reason).to.match(
      /^Threshold Crossed: 6 datapoints were greater than the threshold \(5\.0\)\. The most recent datapoints which crossed the threshold: \[(9\.0 \(20\/01\/26 12:0\d:00\)(, )?){5}\]\.$/,
    );
  });

  it("tells of one unknown point", () => {
    const at = world({ ...slow, treatMissingData: "missing" });
    at.put(1);
    at.pass(4);
    expect(at.alarm.state.reason).to.equal("Insufficient Data: 1 datapoint was unknown.");
  });
});
