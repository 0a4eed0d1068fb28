import { expect } from "chai";
import { createAlarm, defineAlarm, evaluateAlarm } from "../../../local/cloudWatch/alarm";
import { defineMetricFilter } from "../../../local/cloudWatch/metricFilter";
import { MetricStore } from "../../../local/cloudWatch/metrics";
import { ofType, programOf } from "../../infra/program";

const now = Date.UTC(2026, 0, 20, 12, 0, 30);
const site = { account: "123456789012", region: "us-east-1" };

describe("the program's own alarms", () => {
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
