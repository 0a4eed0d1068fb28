import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { failure, minute, noon, startWorld, type World } from "./serviceWorld";

const day = 86_400_000;
const shop = "/aws/lambda/shop";
const topic = "arn:aws:sns:us-east-1:123456789012:people";
const slow = {
  comparisonOperator: "GreaterThanThreshold",
  threshold: 5,
  evaluationPeriods: 1,
  namespace: "Shop",
  metricName: "Latency",
  statistic: "Maximum",
  period: 60,
  treatMissingData: "notBreaching",
  alarmActions: [topic],
};

interface Opened extends World {
  logs: CloudWatchLogsClient;
  monitoring: CloudWatchClient;
}

describe("what CloudWatch keeps in a folder", () => {
  let folder: string;
  let worlds: World[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signal9-watched-"));
    worlds = [];
  });
  afterEach(async () => {
    for (const world of worlds) await world.close();
    rmSync(folder, { recursive: true });
  });

  /** Another process over the same folder; the one before it just stops being asked. */
  const open = async (now = noon): Promise<Opened> => {
    const world = await startWorld({ folder, now });
    worlds.push(world);
    return { ...world, logs: new CloudWatchLogsClient(world.client), monitoring: new CloudWatchClient(world.client) };
  };
  const file = (name: string) => {
    const path = join(folder, `${name}.jsonl`);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  /** It is written by itself, but not at once. */
  const written = async (name: string, text: string): Promise<void> => {
    while (!file(name).includes(text)) await new Promise(setImmediate);
  };

  describe("of logs", () => {
    const declare = (world: World, retentionInDays?: number) =>
      world.declare("aws:cloudwatch/logGroup:LogGroup", "shop", { name: shop, retentionInDays });
    const write = ({ cloudWatch }: World, message: string, timestamp = noon, stream = "one") =>
      cloudWatch.appendLog(shop, stream, { timestamp, message });
    const events = async ({ logs }: Opened, more: object = {}) =>
      (await logs.send(new FilterLogEventsCommand({ logGroupName: shop, ...more }))).events ?? [];
    const lines = async (opened: Opened) => (await events(opened)).map(({ message }) => message);
    const streams = async ({ logs }: Opened) =>
      (await logs.send(new DescribeLogStreamsCommand({ logGroupName: shop }))).logStreams ?? [];

    it("are lines, with their streams, ids and places", async () => {
      const first = await open();
      await declare(first);
      write(first, "later", noon + 5);
      write(first, "first");
      write(first, "„second“\n", noon, "two");
      await written("logs", "second");
      const second = await open();
      await declare(second);
      expect(await lines(second)).to.deep.equal(["first", "„second“\n", "later"]);
      expect(await events(second)).to.deep.equal(await events(first));
      expect(await streams(second)).to.deep.equal(await streams(first));
      write(second, "third");
      const page = await first.logs.send(new FilterLogEventsCommand({ logGroupName: shop, limit: 2 }));
      const rest = await events(second, { nextToken: page.nextToken });
      expect(rest.map(({ message }) => message)).to.deep.equal(["third", "later"]);
      expect(new Set((await events(second)).map(({ eventId }) => eventId)).size).to.equal(4);
    });

    it("are groups that were made by a call, and what becomes of them", async () => {
      const first = await open();
      await first.logs.send(new CreateLogGroupCommand({ logGroupName: "/mine" }));
      await first.logs.send(new CreateLogStreamCommand({ logGroupName: "/mine", logStreamName: "s" }));
      await first.logs.send(
        new PutLogEventsCommand({
          logGroupName: "/mine",
          logStreamName: "s",
          logEvents: [{ timestamp: noon, message: "kept" }],
        }),
      );
      for (const service of [first.cloudWatch.logs, first.cloudWatch.monitoring]) await service.close();
      const second = await open();
      const { logGroups } = await second.logs.send(new DescribeLogGroupsCommand({}));
      expect(logGroups?.map(({ logGroupName }) => logGroupName)).to.deep.equal(["/mine"]);
      const { events: found } = await second.logs.send(new FilterLogEventsCommand({ logGroupName: "/mine" }));
      expect(found?.map(({ message }) => message)).to.deep.equal(["kept"]);
    });

    it("go when the group's retention is over, also from the file", async () => {
      const first = await open();
      await declare(first, 3);
      write(first, "young", noon, "new");
      write(first, "old", noon - 2 * day, "old");
      await written("logs", "old");
      await written("logs", "young");
      const second = await open(noon + 2 * day);
      expect(file("logs")).to.include("young").and.not.include('"old"]');
      await declare(second, 3);
      expect(await lines(second)).to.deep.equal(["young"]);
      const third = await open(noon + 4 * day);
      await declare(third, 3);
      expect(await streams(third)).to.deep.equal([]);
    });

    it("are cut by a shorter retention that is declared anew, while a group twice is still refused", async () => {
      const first = await open();
      await declare(first);
      write(first, "old", noon - 3 * day);
      await written("logs", "old");
      const second = await open();
      await declare(second, 1);
      expect(await lines(second)).to.deep.equal([]);
      expect((await failure(declare(second, 1))).message).to.include("already exists");
    });

    it("are none after a reset", async () => {
      const first = await open();
      await declare(first, 7);
      write(first, "secret plans");
      await first.reset();
      expect(file("logs")).to.include(shop).and.not.include("secret");
      const second = await open();
      await declare(second, 7);
      expect(await lines(second)).to.deep.equal([]);
    });
  });

  describe("of metrics", () => {
    const put = ({ monitoring }: Opened, Values: number[], at = noon, MetricName = "Latency") =>
      monitoring.send(
        new PutMetricDataCommand({
          Namespace: "Shop",
          MetricData: [{ MetricName, Values, Unit: "Seconds", Timestamp: new Date(at) }],
        }),
      );
    const read = async ({ monitoring }: Opened) =>
      (
        await monitoring.send(
          new GetMetricStatisticsCommand({
            Namespace: "Shop",
            MetricName: "Latency",
            StartTime: new Date(noon - 10 * minute),
            EndTime: new Date(noon + 10 * minute),
            Period: 60,
            Statistics: ["Sum", "SampleCount", "Minimum", "Maximum"],
            ExtendedStatistics: ["p50", "p90"],
          }),
        )
      ).Datapoints;

    it("are every minute's statistics, and they go on", async () => {
      const first = await open();
      await put(first, [1, 2, 3]);
      await put(first, [7], noon - minute);
      await written("metrics", "Latency");
      const second = await open();
      expect(await read(second)).to.deep.equal(await read(first));
      expect(await read(second)).to.have.length(2);
      for (const world of [first, second]) await put(world, [4, 5]);
      expect(await read(second)).to.deep.equal(await read(first));
      await second.cloudWatch.monitoring.close();
      expect(await read(await open())).to.deep.equal(await read(first));
    });

    it("go after 15 days, also from the file", async () => {
      const first = await open();
      await put(first, [1], noon - 2 * day, "Old");
      await put(first, [1]);
      await first.cloudWatch.monitoring.close();
      const second = await open(noon + 14 * day);
      const { Metrics } = await second.monitoring.send(new ListMetricsCommand({}));
      expect(Metrics?.map(({ MetricName }) => MetricName)).to.deep.equal(["Latency"]);
      expect(file("metrics")).to.include("Latency").and.not.include("Old");
    });

    it("are none after a reset", async () => {
      const first = await open();
      await put(first, [1]);
      await first.reset();
      expect(await read(await open())).to.deep.equal([]);
      expect(file("metrics")).to.equal("");
    });
  });

  describe("of alarms", () => {
    const declare = (world: World, more: object = {}) =>
      world.declare("aws:cloudwatch/metricAlarm:MetricAlarm", "slow", { ...slow, ...more });
    const history = async ({ monitoring }: Opened) =>
      (await monitoring.send(new DescribeAlarmHistoryCommand({ AlarmName: "slow" }))).AlarmHistoryItems;
    const described = async ({ monitoring }: Opened) =>
      (await monitoring.send(new DescribeAlarmsCommand({}))).MetricAlarms;
    const state = async (opened: Opened) => (await described(opened))?.[0]?.StateValue;

    const raised = async (): Promise<Opened> => {
      const first = await open();
      await declare(first);
      first.cloudWatch.putMetric({ namespace: "Shop", name: "Latency", dimensions: {}, timestamp: noon, values: [9] });
      await first.turn(minute);
      expect(await state(first)).to.equal("ALARM");
      await first.cloudWatch.monitoring.close();
      return first;
    };

    it("are their states and histories, and nobody is told twice", async () => {
      const first = await raised();
      const second = await open(noon + minute);
      await declare(second);
      expect(await described(second)).to.deep.equal(await described(first));
      expect(await history(second)).to.deep.equal(await history(first));
      expect((await history(second))?.map(({ HistoryItemType }) => HistoryItemType)).to.have.members([
        "Action",
        "StateUpdate",
        "ConfigurationUpdate",
      ]);
      await second.turn(minute);
      expect([await state(second), second.delivered]).to.deep.equal(["ALARM", []]);
      await second.turn(10 * minute);
      expect(await state(second)).to.equal("OK");
      const third = await open(noon + 12 * minute);
      await declare(third);
      expect([await state(third), await history(third)]).to.deep.equal(["OK", await history(second)]);
    });

    it("stay with an alarm that is defined anew, which is told", async () => {
      await raised();
      const second = await open(noon + minute);
      await declare(second, { threshold: 6 });
      expect(await state(second)).to.equal("ALARM");
      const third = await open(noon + minute);
      await declare(third, { threshold: 6 });
      const told = (await history(third))?.map(({ HistorySummary }) => HistorySummary);
      expect(told?.filter((summary) => summary === 'Alarm "slow" updated')).to.have.length(1);
    });

    it("are none after a reset", async () => {
      const first = await raised();
      await first.reset();
      const second = await open(noon + minute);
      await declare(second);
      expect([await state(second), (await history(second))?.length]).to.deep.equal(["INSUFFICIENT_DATA", 1]);
    });
  });
});
