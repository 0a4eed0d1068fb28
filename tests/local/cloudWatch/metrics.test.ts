import { expect } from "chai";
import type { MetricDatum } from "../../../local/cloudWatch/metricData";
import { MetricStore } from "../../../local/cloudWatch/metrics";
import { Refused } from "../../../local/cloudWatch/refused";
import { ValueCounts } from "../../../local/cloudWatch/valueCounts";

const minute = 60_000;
const day = 86_400_000;
const noon = Date.UTC(2026, 0, 20, 12);

const datum = (over: Partial<MetricDatum> = {}): MetricDatum => ({
  namespace: "Shop",
  name: "Latency",
  dimensions: { service: "cart", stage: "dev" },
  timestamp: noon,
  values: [1],
  ...over,
});

const at = (now = noon) => {
  const clock = { now };
  return { clock, store: new MetricStore(() => clock.now) };
};

const query = (stat: string) => ({ ...datum(), stat });

const only = (store: MetricStore, stat: string, over = {}) =>
  store.statistics({ ...query(stat), ...over }, noon, noon + minute, 60)[0]?.value;

describe("the store of metric data", () => {
  it("computes each statistic over a period", () => {
    const { store } = at();
    store.put([datum({ values: [4, 1, 7] }), datum({ timestamp: noon + 59_999, values: [8] })]);
    expect(["Sum", "Average", "Minimum", "Maximum", "SampleCount"].map((stat) => only(store, stat))).to.deep.equal([
      20, 5, 1, 8, 4,
    ]);
  });

  it("weighs values by their counts", () => {
    const { store } = at();
    store.put([datum({ values: [10, 2], counts: [1, 9] })]);
    expect([only(store, "Sum"), only(store, "SampleCount"), only(store, "p90"), only(store, "p91")]).to.deep.equal([
      28, 10, 2, 10,
    ]);
  });

  it("computes exact percentiles of up to 512 different values", () => {
    const { store } = at();
    for (let value = 1; value <= 500; value++) store.put([datum({ values: [value] })]);
    expect(["p0", "p50", "p99", "p99.9", "p100"].map((stat) => only(store, stat))).to.deep.equal([
      1, 250, 495, 500, 500,
    ]);
  });

  it("computes percentiles of more values with an error of at most 1 %", () => {
    const { store } = at();
    for (let value = 1; value <= 20_000; value++) store.put([datum({ values: [value] })]);
    expect(only(store, "p50")).to.be.closeTo(10_000, 110);
    expect(only(store, "p99")).to.be.closeTo(19_800, 210);
    expect(only(store, "p100")).to.be.at.most(20_000);
  });

  it("keeps a distribution bounded, whatever is put, and orders negative values rightly", () => {
    const { store } = at();
    const counts = new ValueCounts();
    for (let power = -300; power < 100; power++) {
      for (const factor of [-3, -1, 0, 1, 2]) {
        store.put([datum({ values: [factor * 10 ** power] })]);
        counts.add(factor * 10 ** power, 1);
      }
    }
    expect(counts.different).to.be.at.most(512);
    expect(only(store, "p1")).to.be.below(0);
    expect(only(store, "p50")).to.equal(0);
    expect(only(store, "p0")).to.equal(-3 * 10 ** 99);
  });

  it("tells metrics apart by namespace, name and dimensions, whose order does not matter", () => {
    const { store } = at();
    store.put([datum(), datum({ dimensions: { stage: "dev", service: "cart" } }), datum({ dimensions: {} })]);
    store.put([datum({ name: "Other" }), datum({ namespace: "Else" })]);
    expect(only(store, "SampleCount")).to.equal(2);
    expect(only(store, "SampleCount", { dimensions: {} })).to.equal(1);
    expect(only(store, "SampleCount", { dimensions: { service: "cart" } })).to.equal(undefined);
  });

  it("joins the minutes of a longer period, and of any that begins at a full minute", () => {
    const { store } = at();
    store.put([0, 1, 4, 5].map((later) => datum({ timestamp: noon + later * minute, values: [later, 10] })));
    const read = (stat: string, start: number) => store.statistics(query(stat), start, noon + 10 * minute, 300);
    expect(read("Sum", noon)).to.deep.equal([
      { timestamp: noon, value: 35, unit: "None" },
      { timestamp: noon + 5 * minute, value: 15, unit: "None" },
    ]);
    expect(read("p50", noon + 30_000).map(({ value }) => value)).to.deep.equal([4, 5]);
    expect(read("Minimum", noon - minute).map(({ timestamp, value }) => [timestamp, value])).to.deep.equal([
      [noon - minute, 0],
      [noon + 4 * minute, 4],
    ]);
  });

  it("keeps units apart where one is asked for, and together where none is", () => {
    const { store } = at();
    store.put([datum({ unit: "Seconds", values: [3] }), datum({ unit: "Count", values: [5] })]);
    expect(only(store, "Sum")).to.equal(8);
    expect(only(store, "Sum", { unit: "Seconds" })).to.equal(3);
    expect(only(store, "Sum", { unit: "Percent" })).to.equal(undefined);
    const [point] = store.statistics({ ...query("Sum"), unit: "Count" }, noon, noon + minute, 60);
    expect(point?.unit).to.equal("Count");
  });

  it("lists metrics by namespace and name", () => {
    const { store } = at();
    store.put([datum(), datum({ name: "Other" }), datum({ namespace: "Else" })]);
    expect(store.list()).to.have.length(3);
    expect(store.list({ namespace: "Shop" }).map(({ name }) => name)).to.deep.equal(["Latency", "Other"]);
    expect(store.list({ namespace: "Shop", name: "Other" })).to.deep.equal([
      { namespace: "Shop", name: "Other", dimensions: { service: "cart", stage: "dev" } },
    ]);
  });

  it("forgets what is older than 15 days", () => {
    const { store, clock } = at();
    store.put([datum(), datum({ name: "Other" })]);
    clock.now += 14 * day;
    store.put([datum({ timestamp: clock.now })]);
    expect(only(store, "Sum")).to.equal(1);
    clock.now += day + minute;
    expect(store.list().map(({ name }) => name)).to.deep.equal(["Latency"]);
    store.put([datum({ timestamp: clock.now })]);
    expect(only(store, "Sum")).to.equal(undefined);
  });

  it("sweeps while it is written to, too", () => {
    const { store, clock } = at();
    store.put([datum()]);
    clock.now += 16 * day;
    store.put([datum({ timestamp: clock.now })]);
    expect(only(store, "Sum")).to.equal(undefined);
  });

  const refusals: [string, Partial<MetricDatum>][] = [
    ["is not a namespace", { namespace: "" }],
    ["a name has 1 to 255 characters", { name: "" }],
    [
      "more than 30 dimensions",
      { dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`d${i}`, "x"])) },
    ],
    ["the dimension service needs", { dimensions: { service: " " } }],
    ["a timestamp is needed", { timestamp: Number.NaN }],
    ["two weeks back", { timestamp: noon - 15 * day }],
    ["two hours ahead", { timestamp: noon + 3 * 3_600_000 }],
    ["1 to 150 values", { values: [] }],
    ["the value Infinity is out of range", { values: [Number.POSITIVE_INFINITY] }],
    ["as many counts as values", { counts: [1, 2] }],
    ["a count must be above 0", { counts: [0] }],
    ["there is no unit Miles", { unit: "Miles" }],
  ];
  for (const [why, over] of refusals) {
    it(`refuses a datum: ${why}`, () => {
      const { store } = at();
      expect(() => store.put([datum(), datum(over)])).to.throw(Refused, why);
      expect(store.list()).to.deep.equal([]);
    });
  }

  it("refuses statistics and periods that it does not have, by name", () => {
    const { store } = at();
    expect(() => only(store, "tm99")).to.throw(Refused, "the statistic tm99 is not supported");
    expect(() => only(store, "p101")).to.throw(Refused, "there is no statistic p101");
    for (const period of [10, 90, 0]) {
      expect(() => store.statistics(query("Sum"), noon, noon + minute, period)).to.throw(Refused, "a period of");
    }
  });
});
