import { expect } from "chai";
import { createAlarm, defineAlarm, evaluateAlarm } from "../../../local/cloudWatch/alarm";
import { defineMetricFilter } from "../../../local/cloudWatch/metricFilter";
import { MetricStore } from "../../../local/cloudWatch/metrics";
import { ofType, programOf, stacks } from "../../infra/program";

const now = Date.UTC(2026, 0, 20, 12, 0, 30);
const site = { account: "123456789012", region: "us-east-1" };

interface Query {
  metric?: { namespace: string; metricName: string; dimensions: Record<string, string> };
}

describe("the program's own alarms", () => {
  for (const stack of stacks) {
    it(`of ${stack} judge a day's companies, by three of them that come together, and not one that is alone`, async () => {
      const declared = ofType(await programOf({ stack }), "aws:cloudwatch/metricAlarm:MetricAlarm");
      /** By the names of the metrics, within one period. */
      const stateWith = (name: string, values: Record<string, number>) => {
        const inputs = declared.find((one) => one.name === name)?.inputs ?? expect.fail(`there is no ${name}`);
        const metrics = new MetricStore(() => now);
        for (const { metric } of inputs["metricQueries"] as Query[]) {
          const value = metric && values[metric.metricName];
          if (!metric || value === undefined) continue;
          const { namespace, metricName, dimensions } = metric;
          metrics.put([{ namespace, name: metricName, dimensions, timestamp: now - 60_000, values: [value] }]);
        }
        return evaluateAlarm(createAlarm(defineAlarm(inputs), now), metrics, now, site).alarm.state.value;
      };
      const states = (name: string, part: string, whole = "Events") =>
        [
          [4, 4],
          [4, 1],
          [3, 3],
          [1, 1],
          [4, 0],
        ].map(([all = 0, bad = 0]) => stateWith(name, { [whole]: all, [part]: bad }));
      const [on, off] = ["ALARM", "OK"];
      for (const label of ["pollination", "ingestion", "analysis-batches", "analysis", "mark-earnings-processed"]) {
        expect(states(`${label}-failures`, "Failure"), label).to.deep.equal([on, on, on, off, off]);
        expect(states(`${label}-error-category`, "ErrorProvider"), label).to.deep.equal([on, on, on, off, off]);
        expect(states(`${label}-dead-letter-rate`, "DeadLettered"), label).to.deep.equal([on, on, on, off, off]);
        expect(states(`${label}-rule`, "FailedInvocations", "Invocations"), label).to.deep.equal([
          on,
          on,
          on,
          off,
          off,
        ]);
      }
      expect(states("ingestion-state", "StateErrors", "StateMoves")).to.deep.equal([on, on, on, off, off]);
      expect(states("rule-based-analysis-failures", "Failure")).to.deep.equal([on, on, on, off, off]);
      // One event makes several calls: two of three that were repeated are one that was.
      const retries = (all: number, repeated: number) =>
        stateWith("mark-earnings-processed-retries", { Operations: all, Retries: repeated });
      expect([retries(3, 2), retries(10, 6), retries(10, 5)]).to.deep.equal([off, on, off]);
      // Where there are many, a few say nothing.
      for (const label of ["categorization", "experiment-stream"])
        expect(states(`${label}-dead-letter-rate`, "DeadLettered"), label).to.deep.equal(Array(5).fill(off));
    });
  }

  it("are all understood, and quiet where there is no data at all, but for the one that listens for silence", async () => {
    const declared = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(declared.length).to.be.greaterThan(10);
    const metrics = new MetricStore(() => now);
    const loud = declared.filter(({ inputs }) => {
      const alarm = createAlarm(defineAlarm(inputs), now);
      return evaluateAlarm(alarm, metrics, now, site).alarm.state.value !== "OK";
    });
    expect(loud.map(({ name }) => name)).to.deep.equal(["outbox-sweeper-silent"]);
  });

  it("have metric filters that are all understood", async () => {
    const declared = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/logMetricFilter:LogMetricFilter");
    expect(declared.map(({ inputs }) => defineMetricFilter(inputs).name)).to.have.length.greaterThan(0);
  });
});
