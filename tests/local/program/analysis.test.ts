import { setTimeout as pause } from "node:timers/promises";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { DeleteCommand, PutCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { runEvents } from "../../../commands/events/run";
import { derivedId } from "../../../functions/processing/events/derivedId";
import type { HistoryRow, LatestRow } from "../../../functions/processing/workflow/history";
import { analysisIdOf } from "../../../functions/processing/workflow/item";
import { batchIdOf } from "../../../functions/processing/workflow/start";
import { universe } from "../../../local/market/universe";
import { scan } from "./book";
import { storeFundamentals } from "./fundamentals";
import { minute, prefix, type Shared, sharedCloud } from "./sharedCloud";

const companies = universe.filter(({ generated }) => generated).map(({ symbol }) => symbol);
const eight = companies.slice(0, 8);

describe("the analysis of companies", function () {
  this.timeout(60_000);
  let shared: Shared;
  let sfn: SFNClient;
  let cloudWatch: CloudWatchClient;

  before(async () => {
    shared = await sharedCloud();
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const settings = { endpoint: shared.up.url, region: "us-east-1", credentials };
    sfn = new SFNClient(settings);
    cloudWatch = new CloudWatchClient(settings);
    await shared.hear(true, "analysis");
  });
  after(async () => {
    await shared.hear(false, "analysis");
    sfn.destroy();
    cloudWatch.destroy();
  });
  beforeEach(() => shared.newDay());

  const store = (symbol: string) => storeFundamentals(shared, symbol);

  const needed = (eventId: string, assetIds: readonly string[], analysisType = "rule_based") =>
    shared.tell({
      type: "analysisNeeded",
      detail: { eventId, assetIds, batchSize: 8, analysisType, priority: "medium" },
    });

  const analyses = async (symbol: string): Promise<HistoryRow[]> => {
    const { Items = [] } = await shared.clients.dynamodb.send(
      new QueryCommand({
        TableName: `${prefix}asset-analysis`,
        KeyConditionExpression: "asset_id = :asset AND analysis_key < :latest",
        ExpressionAttributeValues: { ":asset": `ASSET#${symbol}`, ":latest": "A" },
      }),
    );
    return Items as HistoryRow[];
  };

  const executionsInFull = async () => {
    const stateMachineArn = `arn:aws:states:us-east-1:123456789012:stateMachine:${prefix}analysis-workflow`;
    const { executions: found = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    return Promise.all(found.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn }))));
  };

  const executions = async (): Promise<{ name: string; status: string }[]> => {
    const stateMachineArn = `arn:aws:states:us-east-1:123456789012:stateMachine:${prefix}analysis-workflow`;
    const { executions: found = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    return found.map(({ name = "", status = "" }) => ({ name, status }));
  };

  const completions = async (): Promise<{ assetId: string; status: string }[]> => {
    const { Items = [] } = await shared.clients.dynamodb.send(new ScanCommand({ TableName: `${prefix}event-store` }));
    return Items.filter(({ event_type }) => event_type === "analysisComplete").map(
      ({ detail }) => JSON.parse(String(detail)) as { assetId: string; status: string },
    );
  };

  /** Of this day, what the alarms read. */
  const counted = async (MetricName: string): Promise<number> => {
    const now = shared.up.cloud.clock.now();
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "Signal9",
        MetricName,
        Dimensions: [
          { Name: "service", Value: `${prefix}platform` },
          { Name: "function", Value: "resultStorage" },
        ],
        StartTime: new Date(now - 60 * minute),
        EndTime: new Date(now + 60 * minute),
        Period: 7_200,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };

  it("rates seven and records one failure, where one of eight is poisoned", async () => {
    await Promise.all(eight.map(store));
    const [poisoned = "", ...sound] = eight;
    await shared.clients.dynamodb.send(
      new PutCommand({
        TableName: `${prefix}income-statement`,
        Item: { asset_id: `ASSET#${poisoned}`, report_key: "HEAD", source_time: 1, current: "nonsense" },
      }),
    );
    await shared.clients.dynamodb.send(
      new PutCommand({
        TableName: `${prefix}balance-sheet`,
        Item: { asset_id: `ASSET#${poisoned}`, report_key: "HEAD", source_time: 1, current: 7 },
      }),
    );
    await needed("batch-of-eight", eight);
    await shared.up.settle();
    for (const symbol of sound) {
      const [row, another] = await analyses(symbol);
      expect(row, symbol).to.include({ status: "completed", analysis_type: "rule_based" });
      expect(row?.rating_components, symbol).to.have.lengthOf(11);
      expect(another, symbol).to.equal(undefined);
    }
    const [failed] = await analyses(poisoned);
    expect(failed?.status).to.equal("failed");
    expect(failed?.reason).not.to.equal("");
    expect(await executions()).to.have.lengthOf(1);
    expect((await executions())[0]?.status).to.equal("SUCCEEDED");
    const told = await completions();
    expect(
      told
        .filter(({ status }) => status === "completed")
        .map(({ assetId }) => assetId)
        .sort(),
    ).to.deep.equal([...sound].sort());
    expect(told.filter(({ status }) => status === "failed").map(({ assetId }) => assetId)).to.deep.equal([poisoned]);
    expect([await counted("AnalysesCompleted"), await counted("AnalysesFailed")]).to.deep.equal([7, 1]);
  });

  it("lets the others finish where one can be stored neither as rated nor as failed, and names it; then goes on from there", async () => {
    const three = companies.slice(0, 3);
    await Promise.all(three.map(store));
    const [stuck = "", ...others] = three;
    const batchId = batchIdOf({ eventId: "stuck" }, 0);
    // Another's row has the place of the event that would tell of it.
    const event_id = derivedId("analysisComplete", analysisIdOf({ assetId: stuck, batchId }));
    const TableName = `${prefix}event-store`;
    await shared.clients.dynamodb.send(new PutCommand({ TableName, Item: { event_id } }));
    await needed("stuck", three);
    await shared.up.settle();
    const [execution] = await executionsInFull();
    expect(execution).to.include({ name: batchId, status: "FAILED", error: "NotStored" });
    const { rated, unstored } = JSON.parse(execution?.cause ?? "") as Record<string, { assetId: string }[]>;
    expect(rated?.map(({ assetId }) => assetId).sort()).to.deep.equal([...others].sort());
    expect(unstored?.map(({ assetId }) => assetId)).to.deep.equal([stuck]);
    for (const symbol of others) expect(await analyses(symbol), symbol).to.have.lengthOf(1);
    expect(await analyses(stuck)).to.deep.equal([]);
    await shared.clients.dynamodb.send(new DeleteCommand({ TableName, Key: { event_id } }));
    await needed("stuck", three);
    await shared.up.settle();
    for (const symbol of three) {
      expect(
        (await analyses(symbol)).map(({ status }) => status),
        symbol,
      ).to.deep.equal(["completed"]);
    }
    const ends = (await executionsInFull()).map(({ name, status, cause = "" }) => [name, status, cause]);
    expect(ends.find(([name]) => name === `${batchId}-2`)).to.deep.equal([`${batchId}-2`, "SUCCEEDED", ""]);
    expect(await completions()).to.have.lengthOf(3);
  });

  it("follows from the run of a schedule, cause by cause, to the event that tells of the rating", async () => {
    await shared.turnTo(4.1, { only: ["asset-sync"] });
    await shared.turnTo(7.1, { only: ["pollination-planner-regular"] });
    await shared.up.settle();
    const stored = await scan(shared, "event-store");
    const [told] = stored.filter(({ event_type }) => event_type === "analysisComplete");
    const { text } = await runEvents(
      ["tree", String(told?.["event_id"]), "--endpoint", shared.up.url],
      () => undefined,
    );
    const path: string[] = [];
    for (const line of text.split("\n")) {
      const depth = line.search(/[^│├└─ ]/) / 3;
      path.splice(depth, path.length, line.slice(depth * 3).split("  ")[0] ?? "");
      if (line.endsWith("<--")) break;
    }
    expect(path).to.deep.equal([
      `pollinationPlanner#regular#${new Date(shared.up.cloud.clock.now()).toISOString().slice(0, 10)}T07 (no event: a request, or a run)`,
      "pollenationNeeded",
      "dataIngestionNeeded",
      "pollinationComplete",
      "analysisNeeded",
      "analysisComplete",
    ]);
  });

  it("says what is missing of a company that nothing is stored of", async () => {
    await needed("nobody", ["NOBODY"]);
    await shared.up.settle();
    const [row] = await analyses("NOBODY");
    expect(row).to.include({
      status: "failed",
      reason: "nothing is stored of company_overview, income_statement, balance_sheet",
    });
  });

  it("starts nothing twice for the same event, and cuts a long list into batches", async () => {
    const ten = companies.slice(0, 10);
    await Promise.all([needed("twice", ten), needed("twice", ten)]);
    await shared.up.settle();
    await needed("twice", ten);
    await shared.up.settle();
    expect((await executions()).map(({ status }) => status)).to.deep.equal(["SUCCEEDED", "SUCCEEDED"]);
    for (const symbol of ten) expect(await analyses(symbol), symbol).to.have.lengthOf(1);
  });

  it("begins anew, under a name of its own, where the first execution failed", async () => {
    const [symbol = ""] = companies;
    await store(symbol);
    const fault = shared.up.cloud.faults.inject({
      kind: "throttle",
      service: "lambda",
      operation: "Invoke",
      caller: "analysis-workflow",
    });
    await needed("again", [symbol]);
    await shared.up.settle();
    expect(fault.hits()).to.be.greaterThan(0);
    expect((await executions()).map(({ status }) => status)).to.deep.equal(["FAILED"]);
    fault.remove();
    await needed("again", [symbol]);
    await shared.up.settle();
    const [first, second] = (await executions()).sort((one, other) => one.name.length - other.name.length);
    expect(first?.status).to.equal("FAILED");
    expect(second).to.deep.equal({ name: `${first?.name}-2`, status: "SUCCEEDED" });
    expect((await analyses(symbol)).map(({ status }) => status)).to.deep.equal(["completed"]);
  });

  it("is given up with its event once five executions have failed", async () => {
    const fault = shared.up.cloud.faults.inject({
      kind: "throttle",
      service: "lambda",
      operation: "Invoke",
      caller: "analysis-workflow",
    });
    for (let time = 1; time <= 6; time++) {
      await needed("hopeless", companies.slice(0, 1));
      await shared.up.settle();
    }
    fault.remove();
    const batchId = batchIdOf({ eventId: "hopeless" }, 0);
    const names = [batchId, ...[2, 3, 4, 5].map((attempt) => `${batchId}-${attempt}`)];
    expect((await executions()).sort((one, other) => one.name.localeCompare(other.name))).to.deep.equal(
      names.map((name) => ({ name, status: "FAILED" })),
    );
    const [letter, another] = await scan(shared, "dead-letters");
    expect(letter).to.include({ event_id: "hopeless", reason: `batch ${batchId} has failed 5 times` });
    expect(another).to.equal(undefined);
  });

  it("tries again what was throttled, and stores it once", async () => {
    const [symbol = ""] = companies;
    await store(symbol);
    const fault = shared.up.cloud.faults.inject({
      kind: "lostAnswer",
      service: "dynamodb",
      operation: "TransactWriteItems",
      caller: "result-storage",
      times: 4,
    });
    await needed("lost", [symbol]);
    await shared.up.settle();
    expect(fault.hits()).to.be.greaterThan(0);
    expect(await analyses(symbol)).to.have.lengthOf(1);
    expect(await completions()).to.have.lengthOf(1);
  });

  it("goes on where a step hangs beyond its time, and where the function of one dies, and stores it once", async () => {
    const [symbol = ""] = companies;
    await store(symbol);
    const { clock, faults } = shared.up.cloud;
    const hang = faults.inject({
      kind: "latency",
      service: "lambda",
      operation: "Invoke",
      caller: "analysis-workflow",
      times: 1,
      ms: 3_000,
    });
    const death = faults.inject({
      kind: "crash",
      service: "lambda",
      operation: "Invoke",
      caller: "result-storage",
      times: 1,
    });
    await needed("hangs", [symbol]);
    while (hang.hits() === 0) await pause(10);
    await clock.turnTo(clock.now() + 301_000);
    await shared.up.settle();
    expect(death.hits()).to.equal(1);
    const [execution] = await executionsInFull();
    expect(execution?.status).to.equal("SUCCEEDED");
    const { events = [] } = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn: execution?.executionArn, maxResults: 1_000 }),
    );
    const troubles = events.flatMap(({ type, taskTimedOutEventDetails, taskFailedEventDetails }) =>
      type === "TaskTimedOut" || type === "TaskFailed"
        ? [`${type} ${taskTimedOutEventDetails?.error ?? taskFailedEventDetails?.error}`]
        : [],
    );
    expect(troubles).to.deep.equal(["TaskTimedOut States.Timeout", "TaskFailed Runtime.ExitError"]);
    expect((await analyses(symbol)).map(({ status }) => status)).to.deep.equal(["completed"]);
    expect(await completions()).to.have.lengthOf(1);
  });

  it("calls a change of the rating by its name, and keeps the newest where an older one comes late", async () => {
    const [symbol = ""] = companies;
    await store(symbol);
    await needed("first", [symbol]);
    await shared.up.settle();
    const [first] = await analyses(symbol);
    // As if it had been rated otherwise before.
    await shared.clients.dynamodb.send(
      new DeleteCommand({
        TableName: `${prefix}asset-analysis`,
        Key: { asset_id: `ASSET#${symbol}`, analysis_key: first?.analysis_key },
      }),
    );
    const { Items: [latest] = [] } = await shared.clients.dynamodb.send(
      new QueryCommand({
        TableName: `${prefix}asset-analysis`,
        KeyConditionExpression: "asset_id = :asset AND analysis_key = :latest",
        ExpressionAttributeValues: { ":asset": `ASSET#${symbol}`, ":latest": "LATEST" },
      }),
    );
    const before = { ...(latest as LatestRow), investment_rating: "Strong Sell" };
    await shared.clients.dynamodb.send(new PutCommand({ TableName: `${prefix}asset-analysis`, Item: before }));
    await shared.up.turn(minute);
    await needed("second", [symbol]);
    await shared.up.settle();
    const [row] = await analyses(symbol);
    expect(row).to.include({ previous_rating: "Strong Sell", status: "completed" });
    await shared.tell({
      type: "analysisNeeded",
      detail: {
        eventId: "late",
        timestamp: shared.up.cloud.clock.now() - 60 * minute,
        assetIds: [symbol],
        batchSize: 8,
        analysisType: "rule_based",
        priority: "low",
      },
    });
    await shared.up.settle();
    const { Items: [newest] = [] } = await shared.clients.dynamodb.send(
      new QueryCommand({
        TableName: `${prefix}asset-analysis`,
        KeyConditionExpression: "asset_id = :asset AND analysis_key = :latest",
        ExpressionAttributeValues: { ":asset": `ASSET#${symbol}`, ":latest": "LATEST" },
      }),
    );
    expect((newest as LatestRow).latest_key).to.equal(row?.analysis_key);
    expect(await analyses(symbol)).to.have.lengthOf(2);
  });

  it("compares with the sector in an advanced analysis", async () => {
    const peers = universe.filter(({ sector, generated }) => generated && sector === universe.at(-1)?.sector);
    const symbols = peers.map(({ symbol }) => symbol).slice(0, 7);
    await Promise.all(symbols.map(store));
    await needed("plain", symbols);
    await shared.up.settle();
    await shared.up.turn(minute);
    await needed("advanced", symbols.slice(0, 1), "advanced");
    await shared.up.settle();
    const rows = await analyses(symbols[0] ?? "");
    expect(rows.map(({ analysis_type }) => analysis_type)).to.deep.equal(["rule_based", "advanced"]);
    expect(rows[1]?.data_sources).to.include("peer");
  });

  it("refuses a batch size that is none, by the name of the field", async () => {
    for (const batchSize of [0, 9, "8", undefined]) {
      await shared.tell({
        type: "analysisNeeded",
        detail: {
          eventId: `size-${batchSize}`,
          assetIds: ["AAPL"],
          batchSize,
          analysisType: "rule_based",
          priority: "low",
        },
      });
    }
    await shared.up.settle();
    expect(await executions()).to.deep.equal([]);
  });
});
