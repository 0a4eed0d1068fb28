import { MetricResolution, Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { expect } from "chai";
import { embeddedMetrics } from "../../../local/cloudWatch/embeddedMetricFormat";

/** What Powertools really writes. */
const written = (work: (metrics: Metrics) => void): string => {
  const lines: string[] = [];
  const logger = { log: (line: string) => lines.push(line) } as unknown as Console;
  const metrics = new Metrics({
    namespace: "Shop",
    serviceName: "cart",
    logger: { ...console, debug: () => {}, info: () => {} },
  });
  Object.defineProperty(metrics, "console", { value: logger });
  work(metrics);
  metrics.publishStoredMetrics();
  const [line] = lines;
  if (line === undefined) throw new Error("Powertools wrote nothing");
  return line;
};

const embed = (directive: object, root: object = {}, timestamp: unknown = 1_000) =>
  embeddedMetrics(JSON.stringify({ _aws: { Timestamp: timestamp, CloudWatchMetrics: [directive] }, ...root }));

const directive = { Namespace: "Shop", Dimensions: [["service"]], Metrics: [{ Name: "Sold", Unit: "Count" }] };

describe("embedded metric format", () => {
  it("reads what Powertools writes", () => {
    const before = Date.now();
    const line = written((metrics) => {
      metrics.addDimension("function", "pay");
      metrics.addMetric("Sold", MetricUnit.Count, 1);
      metrics.addMetric("Sold", MetricUnit.Count, 2);
      metrics.addMetric("Took", MetricUnit.Milliseconds, 3.5, MetricResolution.High);
      metrics.addMetadata("order", "o-1");
    });
    const embedded = embeddedMetrics(line);
    expect(embedded?.reasons).to.deep.equal([]);
    expect(embedded?.data.map(({ timestamp, ...rest }) => rest)).to.deep.equal([
      {
        namespace: "Shop",
        name: "Sold",
        dimensions: { service: "cart", function: "pay" },
        values: [1, 2],
        unit: "Count",
      },
      {
        namespace: "Shop",
        name: "Took",
        dimensions: { service: "cart", function: "pay" },
        values: [3.5],
        unit: "Milliseconds",
      },
    ]);
    for (const { timestamp } of embedded?.data ?? []) expect(timestamp).to.be.within(before, Date.now());
  });

  it("makes one metric for each set of dimensions", () => {
    const embedded = embed(
      { ...directive, Dimensions: [["service"], [], ["service", "stage"]] },
      { service: "a", stage: "b", Sold: 3 },
    );
    expect(embedded?.data.map(({ dimensions }) => dimensions)).to.deep.equal([
      { service: "a" },
      {},
      { service: "a", stage: "b" },
    ]);
  });

  for (const line of [
    "plain text about _aws",
    'broken { "_aws"',
    '{ "_aws": ',
    '{"message":"the key \\"_aws\\" as text"}',
  ]) {
    it(`finds no metrics in ${line}`, () => {
      expect(embeddedMetrics(line)).to.equal(undefined);
    });
  }

  it("takes what is well formed and gives a reason for the rest", () => {
    const embedded = embed(
      { ...directive, Metrics: [{ Name: "Sold" }, { Name: "Lost" }, { Name: "Odd", Unit: "Miles" }, { Name: "Text" }] },
      { service: "a", Sold: 3, Odd: 1, Text: "7" },
    );
    expect(embedded?.data.map(({ name }) => name)).to.deep.equal(["Sold"]);
    expect(embedded?.reasons).to.deep.equal([
      "the metric Lost must be a number, or a list of numbers, at the root",
      "metric Odd: there is no unit Miles",
      "the metric Text must be a number, or a list of numbers, at the root",
    ]);
  });

  it("gives the reason why a whole directive cannot be read", () => {
    expect(embed({ ...directive, Namespace: 3 })?.reasons[0]).to.match(/^_aws\.CloudWatchMetrics\.0\.Namespace: /);
    expect(embed(directive, {}, "now")?.reasons[0]).to.match(/^_aws\.Timestamp: /);
    expect(embed({ ...directive, Metrics: [{ Name: "Sold", StorageResolution: 5 }] })?.reasons[0]).to.include(
      "StorageResolution",
    );
    expect(embeddedMetrics('{"_aws":3}')?.reasons).to.have.length(1);
  });

  it("asks for dimensions that are texts, and for at most 100 values", () => {
    expect(embed(directive, { service: 3, Sold: 1 })?.reasons).to.deep.equal([
      "the dimension service must be a text at the root",
    ]);
    expect(embed(directive, { service: "a", Sold: new Array(101).fill(1) })?.reasons).to.deep.equal([
      "the metric Sold has more than 100 values",
    ]);
    expect(embed(directive, { service: "a", Sold: [] })?.reasons).to.deep.equal([
      "metric Sold: 1 to 150 values are needed",
    ]);
  });
});
