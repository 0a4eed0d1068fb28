import { expect } from "chai";
import { columns, lineOf } from "../../functions/processing/stream/archive/line";
import { ofType, prerequisites, programOf, stacks } from "./program";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const label = "experiment-stream";
const sources = "arn:aws:kinesis:us-east-1:123456789012:stream/signal9-dev-experiment-stream";

const only = <T>([one, ...more]: T[]): T => {
  if (one === undefined || more.length > 0) throw new Error("there is not just one");
  return one;
};

const streamOf = async (settings: Record<string, string> = {}) =>
  only(ofType(await programOf({ stack: "dev", settings }), "aws:kinesis/stream:Stream")).inputs;

const mappingOf = async (settings: Record<string, string> = {}) =>
  only(
    ofType(await programOf({ stack: "dev", settings }), mappingType).filter(
      ({ inputs }) => inputs["eventSourceArn"] === sources,
    ),
  );

const manySettings = {
  "signal9:streamShards": "4",
  "signal9:streamBatchSize": "250",
  "signal9:streamWindowSeconds": "5",
  "signal9:streamParallelism": "10",
  "signal9:streamRetries": "7",
  "signal9:streamMaximumAgeSeconds": "3600",
};

describe("the experiment stream", () => {
  it("grows and shrinks on demand, or has the shards that it is told, encrypted either way", async () => {
    expect((await streamOf())["streamModeDetails"]).to.deep.equal({ streamMode: "ON_DEMAND" });
    expect(await streamOf()).not.to.have.property("shardCount");
    const provisioned = await streamOf(manySettings);
    expect(provisioned["streamModeDetails"]).to.deep.equal({ streamMode: "PROVISIONED" });
    expect(provisioned["shardCount"]).to.equal(4);
    expect(provisioned["encryptionType"]).to.equal("KMS");
    expect(provisioned["kmsKeyId"]).to.equal("alias/aws/kinesis");
  });

  it("is read in batches that are halved and reported in part, and put aside with their payload in the end", async () => {
    const { inputs } = await mappingOf();
    expect(inputs).to.deep.include({
      startingPosition: "TRIM_HORIZON",
      batchSize: 500,
      maximumBatchingWindowInSeconds: 1,
      parallelizationFactor: 1,
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ["ReportBatchItemFailures"],
      maximumRetryAttempts: 100,
      maximumRecordAgeInSeconds: 43_200,
    });
    expect(inputs["destinationConfig"]).to.deep.equal({
      onFailure: { destinationArn: "arn:aws:s3:::signal9-dev-dead-letters-123456789012" },
    });
  });

  it("is read as its settings say", async () => {
    const { inputs } = await mappingOf(manySettings);
    expect(inputs).to.deep.include({
      batchSize: 250,
      maximumBatchingWindowInSeconds: 5,
      parallelizationFactor: 10,
      maximumRetryAttempts: 7,
      maximumRecordAgeInSeconds: 3_600,
    });
  });

  it("keeps records for longer than a batch may wait", async () => {
    for (const stack of stacks) {
      const run = await programOf({ stack });
      const { retentionPeriod } = only(ofType(run, "aws:kinesis/stream:Stream")).inputs as { retentionPeriod: number };
      const ages = ofType(run, mappingType).flatMap(({ inputs }) =>
        inputs["maximumRecordAgeInSeconds"] === undefined ? [] : [Number(inputs["maximumRecordAgeInSeconds"])],
      );
      expect(ages).to.have.length(1);
      for (const age of ages) expect(age).to.be.lessThan(retentionPeriod * 3_600);
    }
  });

  it("is not polled before the function may, nor before there is a place for what fails", async () => {
    const run = await programOf({ stack: "dev" });
    const before = prerequisites(run, await mappingOf());
    const names = [...before].map((urn) => urn.split("::").slice(2).join("::"));
    expect(names.some((name) => name.endsWith(`RolePolicy::${label}`))).to.equal(true);
    expect(names.some((name) => name.endsWith("BucketPolicy::dead-letters"))).to.equal(true);
  });
});

describe("the archive's table", () => {
  const tableOf = async (stack: string) =>
    only(ofType(await programOf({ stack }), "aws:glue/catalogTable:CatalogTable")).inputs;

  it("finds the folder of every hour without being told of it", async () => {
    const { parameters, partitionKeys } = await tableOf("dev");
    const said = parameters as Record<string, string>;
    expect(said["projection.enabled"]).to.equal("true");
    expect(said["storage.location.template"]).to.equal(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Athena that fills them in
      "s3://signal9-dev-event-archive-123456789012/year=${year}/month=${month}/day=${day}/hour=${hour}/",
    );
    for (const { name } of partitionKeys as { name: string }[])
      expect(said).to.include.keys(`projection.${name}.type`, `projection.${name}.range`, `projection.${name}.digits`);
  });

  it("has a column for everything that a line may have", async () => {
    const { storageDescriptor } = await tableOf("dev");
    const declared = (storageDescriptor as { columns: { name: string; type: string }[] }).columns;
    expect(Object.fromEntries(declared.map(({ name, type }) => [name, type]))).to.deep.equal(columns);
    const line = lineOf({
      event: {
        eventId: "1",
        eventType: "metric",
        eventVersion: "1.0",
        timestamp: 1,
        experimentId: "checkout",
        userId: "ann",
        metric: "latency",
        value: 1,
        properties: {},
        more: 1,
      },
      variant: "B",
      experiment: { name: "Checkout", status: "running" },
      assignment: { variant: "B", assignedAt: 0, sinceMs: 1 },
      arrivedAt: 2,
    });
    expect(Object.keys(JSON.parse(line) as object).every((name) => name in columns)).to.equal(true);
  });

  it("lies in a database of its stack, whose name needs no quotes", async () => {
    for (const stack of stacks) {
      const database = only(ofType(await programOf({ stack }), "aws:glue/catalogDatabase:CatalogDatabase"));
      expect(database.inputs["name"]).to.equal(`signal9_${stack}_experiments`);
      expect((await tableOf(stack))["databaseName"]).to.equal(`signal9_${stack}_experiments`);
    }
  });
});
