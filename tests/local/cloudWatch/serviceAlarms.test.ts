import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { failure, minute, noon, startWorld, type World } from "./serviceWorld";

const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topic = "arn:aws:sns:us-east-1:123456789012:people";
const lambda = "arn:aws:lambda:us-east-1:123456789012:function:repair";
const alarmArn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:slow";
const slow = {
  name: "slow",
  alarmDescription: "The cart is slow",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 5,
  evaluationPeriods: 1,
  namespace: "Shop",
  metricName: "Latency",
  dimensions: { service: "cart" },
  statistic: "Maximum",
  unit: "Seconds",
  period: 60,
  treatMissingData: "notBreaching",
  alarmActions: [topic],
  tagsAll: { team: "a" },
};
const queries = {
  name: "share",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 5,
  evaluationPeriods: 2,
  treatMissingData: "notBreaching",
  metricQueries: [
    { id: "m", metric: { namespace: "Shop", metricName: "Latency", stat: "p99", period: 300 } },
    { id: "judged", expression: "m * 2", label: "Twice", returnData: true },
  ],
};

describe("CloudWatch alarms on the embedded cloud", () => {
  let world: World;
  let client: CloudWatchClient;
  const put = (Value: number) =>
    client.send(
      new PutMetricDataCommand({
        Namespace: "Shop",
        MetricData: [
          {
            MetricName: "Latency",
            Value,
            Unit: "Seconds",
            Timestamp: new Date(world.cloud.clock.now()),
            Dimensions: [{ Name: "service", Value: "cart" }],
          },
        ],
      }),
    );
  const declare = (more: object = {}) => world.declare(type, "slow", { ...slow, ...more });
  const stateOf = (wanted = "slow") => world.cloudWatch.alarms().find(({ name }) => name === wanted)?.state;
  const history = (more: object = {}) => client.send(new DescribeAlarmHistoryCommand({ AlarmName: "slow", ...more }));

  beforeEach(async () => {
    world = await startWorld();
    client = new CloudWatchClient(world.client);
  });
  afterEach(() => world.close());

  it("are made as declared, under AWS's own ARN", async () => {
    const made = await declare();
    expect(made.id).to.equal("slow");
    expect(made.outputs).to.include({ arn: alarmArn, name: "slow", threshold: 5 });
    await world.declare(type, "share", queries);
    const { MetricAlarms, CompositeAlarms } = await client.send(new DescribeAlarmsCommand({}));
    expect(CompositeAlarms).to.deep.equal([]);
    expect(MetricAlarms).to.deep.equal([
      {
        AlarmName: "slow",
        AlarmArn: alarmArn,
        AlarmDescription: "The cart is slow",
        AlarmConfigurationUpdatedTimestamp: new Date(noon),
        ActionsEnabled: true,
        OKActions: [],
        AlarmActions: [topic],
        InsufficientDataActions: [],
        StateValue: "INSUFFICIENT_DATA",
        StateReason: "Unchecked: Initial alarm creation",
        StateUpdatedTimestamp: new Date(noon),
        StateTransitionedTimestamp: new Date(noon),
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "notBreaching",
        Namespace: "Shop",
        MetricName: "Latency",
        Dimensions: [{ Name: "service", Value: "cart" }],
        Statistic: "Maximum",
        Unit: "Seconds",
        Period: 60,
      },
      {
        ...MetricAlarms?.[1],
        AlarmName: "share",
        Metrics: [
          {
            Id: "m",
            ReturnData: false,
            MetricStat: {
              Metric: { Namespace: "Shop", MetricName: "Latency", Dimensions: [] },
              Period: 300,
              Stat: "p99",
            },
          },
          { Id: "judged", Label: "Twice", ReturnData: true, Expression: "m * 2" },
        ],
      },
    ]);
  });

  it("refuse by name what they do not know", async () => {
    expect(await failure(declare({ colour: "red" }))).to.have.property(
      "message",
      `${type} slow: property colour is not supported by the embedded cloud`,
    );
    const scaling = "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:x";
    expect(await failure(declare({ okActions: [scaling] }))).to.have.property(
      "message",
      `${type} slow: the action ${scaling} is not supported by the embedded cloud`,
    );
    expect(await failure(declare({ period: 10 })))
      .to.have.property("message")
      .that.matches(/^aws:cloudwatch\/metricAlarm:MetricAlarm slow: .*a period of 10 s/);
  });

  it("tell a topic when their state changes, in CloudWatch's name", async () => {
    await declare();
    await world.turn(minute);
    expect(stateOf()).to.equal("OK");
    expect(world.delivered).to.deep.equal([]);
    await put(7);
    await world.turn(minute);
    expect(stateOf()).to.equal("ALARM");
    const [message] = world.delivered;
    expect(message?.to).to.equal(topic);
    expect(message?.attributes).to.deep.equal({ Subject: 'ALARM: "slow" in US East (N. Virginia)' });
    expect(JSON.parse(message?.body ?? "")).to.include({
      AlarmName: "slow",
      NewStateValue: "ALARM",
      OldStateValue: "OK",
      AlarmArn: alarmArn,
    });
    expect(message?.from.name).to.equal("cloudwatch.amazonaws.com");
    expect(message?.from.facts).to.include({ "aws:SourceArn": alarmArn, "aws:SourceAccount": "123456789012" });
    await world.turn(10 * minute);
    expect(stateOf()).to.equal("OK");
  });

  it("call a function with an event of its own", async () => {
    await declare({ alarmActions: [lambda] });
    await world.declare(type, "share", { ...queries, alarmActions: [lambda], alarmDescription: "Both" });
    for (const AlarmName of ["slow", "share"]) {
      await client.send(
        new SetAlarmStateCommand({
          AlarmName,
          StateValue: "ALARM",
          StateReason: "a drill",
          StateReasonData: '{"drill":1}',
        }),
      );
    }
    await world.cloud.activity.idle();
    const [one, other] = world.delivered.map(({ body }) => JSON.parse(body));
    expect(world.delivered[0]?.from.name).to.equal("lambda.alarms.cloudwatch.amazonaws.com");
    expect(one).to.deep.equal({
      source: "aws.cloudwatch",
      alarmArn,
      accountId: "123456789012",
      time: "2026-01-20T12:00:30.000+0000",
      region: "us-east-1",
      alarmData: {
        alarmName: "slow",
        state: {
          value: "ALARM",
          reason: "a drill",
          reasonData: '{"drill":1}',
          timestamp: "2026-01-20T12:00:30.000+0000",
        },
        previousState: {
          value: "INSUFFICIENT_DATA",
          reason: "Unchecked: Initial alarm creation",
          timestamp: "2026-01-20T12:00:30.000+0000",
        },
        configuration: {
          description: "The cart is slow",
          metrics: [
            {
              id: "slow",
              metricStat: {
                metric: { namespace: "Shop", name: "Latency", dimensions: { service: "cart" } },
                period: 60,
                stat: "Maximum",
                unit: "Seconds",
              },
              returnData: true,
            },
          ],
        },
      },
    });
    expect(other.alarmData.configuration.metrics).to.deep.equal([
      {
        id: "m",
        metricStat: { metric: { namespace: "Shop", name: "Latency", dimensions: {} }, period: 300, stat: "p99" },
        returnData: false,
      },
      { id: "judged", label: "Twice", expression: "m * 2", returnData: true },
    ]);
  });

  it("keep in their history what failed, and go on with the next action", async () => {
    await declare({ alarmActions: [`${topic}-closed`, topic] });
    await put(7);
    await world.turn(minute);
    const { AlarmHistoryItems } = await history();
    expect(
      AlarmHistoryItems?.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary]),
    ).to.deep.equal([
      ["Action", `Successfully executed action ${topic}`],
      ["Action", `Failed to execute action ${topic}-closed. Received error: "the target is closed"`],
      ["StateUpdate", "Alarm updated from INSUFFICIENT_DATA to ALARM"],
      ["ConfigurationUpdate", 'Alarm "slow" created'],
    ]);
    expect(JSON.parse(AlarmHistoryItems?.[1]?.HistoryData ?? "")).to.include({ actionState: "Failed" });
    const oldest = await history({ ScanBy: "TimestampAscending", MaxRecords: 1, HistoryItemType: "StateUpdate" });
    expect(oldest.AlarmHistoryItems).to.have.length(1);
    const early = await history({ EndDate: new Date(noon) });
    expect(early.AlarmHistoryItems?.map(({ HistoryItemType }) => HistoryItemType)).to.deep.equal([
      "ConfigurationUpdate",
    ]);
    const composite = await history({ AlarmTypes: ["CompositeAlarm"], AlarmName: undefined });
    expect(composite.AlarmHistoryItems).to.deep.equal([]);
    expect(world.cloudWatch.alarms()[0]?.history).to.have.length(4);
  });

  it("return from a state set by hand to what the data says", async () => {
    await declare();
    await world.turn(minute);
    const set = (more: object = {}) =>
      client.send(
        new SetAlarmStateCommand({ AlarmName: "slow", StateValue: "ALARM", StateReason: "a drill", ...more }),
      );
    await set();
    expect(stateOf()).to.equal("ALARM");
    await world.turn(minute);
    expect(stateOf()).to.equal("OK");
    expect((await failure(set({ StateReasonData: "{" }))).name).to.equal("InvalidFormatFault");
    expect(await failure(set({ AlarmName: "none" }))).to.include({ name: "ResourceNotFound" });
  });

  it("do nothing while their actions are disabled", async () => {
    await declare();
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ["slow"] }));
    await put(7);
    await world.turn(minute);
    expect(stateOf()).to.equal("ALARM");
    expect(world.delivered).to.deep.equal([]);
    await client.send(new EnableAlarmActionsCommand({ AlarmNames: ["slow"] }));
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["slow"] }));
    expect(MetricAlarms?.[0]?.ActionsEnabled).to.equal(true);
  });

  it("are found by name, state and action", async () => {
    await declare();
    await world.declare(type, "share", queries);
    await world.declare(type, "late", { ...slow, name: "late", statistic: undefined, extendedStatistic: "p90" });
    await put(7);
    await world.turn(minute);
    const names = async (more: object) =>
      (await client.send(new DescribeAlarmsCommand(more))).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    expect(await names({ StateValue: "ALARM" })).to.deep.equal(["slow", "late"]);
    expect(await names({ AlarmNamePrefix: "s" })).to.deep.equal(["slow", "share"]);
    expect(await names({ AlarmNames: ["share"] })).to.deep.equal(["share"]);
    expect(await names({ ActionPrefix: "arn:aws:sns" })).to.deep.equal(["slow", "late"]);
    expect(await names({ AlarmTypes: ["CompositeAlarm"] })).to.deep.equal([]);
    expect(await names({ MaxRecords: 1 })).to.deep.equal(["slow"]);
  });

  it("sleep once nothing can change, so that turning the clock by a month costs nothing", async () => {
    await declare();
    await world.declare(type, "share", queries);
    await put(7);
    await world.turn(minute);
    expect(world.cloud.clock.next("calendar")).to.equal(noon - (noon % minute) + 2 * minute);
    await world.turn(30 * minute);
    expect(world.cloud.clock.next()).to.equal(undefined);
    await world.turn(30 * 24 * 60 * minute);
    await put(8);
    await put(9);
    await world.turn(minute);
    expect(stateOf()).to.equal("ALARM");
    expect(world.delivered).to.have.length(2);
  });

  it("sleep on when other metrics come", async () => {
    await declare();
    await world.turn(minute);
    const other = { namespace: "Else", name: "Latency", dimensions: {}, timestamp: noon, values: [1] };
    world.cloudWatch.putMetric(other);
    expect(world.cloud.clock.next()).to.equal(undefined);
  });

  it("see missing data once the last real data has left what they judge", async () => {
    await declare({ treatMissingData: "missing" });
    await put(1);
    await world.turn(minute);
    expect(stateOf()).to.equal("OK");
    await world.turn(24 * 60 * minute);
    expect(stateOf()).to.equal("INSUFFICIENT_DATA");
  });

  it("begin anew after a reset, and keep state and history when they are declared again", async () => {
    await declare();
    await put(7);
    await world.turn(minute);
    await declare({ threshold: 6 });
    expect(stateOf()).to.equal("ALARM");
    expect((await history()).AlarmHistoryItems?.[0]?.HistorySummary).to.equal('Alarm "slow" updated');
    await world.cloudWatch.monitoring.reset();
    expect(world.cloudWatch.alarms()).to.have.length(1);
    expect(stateOf()).to.equal("INSUFFICIENT_DATA");
    await world.turn(minute);
    expect(stateOf()).to.equal("OK");
  });

  it("ask for permission on the very alarm", async () => {
    await declare();
    const role = new CloudWatchClient(world.asRole([{ Action: "cloudwatch:SetAlarmState", Resource: alarmArn }]));
    const set = (AlarmName: string) =>
      role.send(new SetAlarmStateCommand({ AlarmName, StateValue: "OK", StateReason: "" }));
    await set("slow");
    expect((await failure(set("other"))).name).to.equal("AccessDeniedException");
    expect((await failure(role.send(new DescribeAlarmsCommand({})))).message).to.include("alarm:*");
  });
});

describe("CloudWatch dashboards on the embedded cloud", () => {
  const dashboardType = "aws:cloudwatch/dashboard:Dashboard";
  const arn = "arn:aws:cloudwatch::123456789012:dashboard/platform";
  let world: World;
  let client: CloudWatchClient;
  before(async () => {
    world = await startWorld();
    client = new CloudWatchClient(world.client);
  });
  after(() => world.close());

  it("are kept as declared", async () => {
    const body = { dashboardName: "platform", dashboardBody: '{"widgets":[]}' };
    const made = await world.declare(dashboardType, "platform", body);
    expect(made.outputs).to.include({ dashboardArn: arn, dashboardBody: '{"widgets":[]}' });
    expect(await client.send(new GetDashboardCommand({ DashboardName: "platform" }))).to.include({
      DashboardArn: arn,
      DashboardName: "platform",
      DashboardBody: '{"widgets":[]}',
    });
    const { DashboardEntries } = await client.send(new ListDashboardsCommand({ DashboardNamePrefix: "plat" }));
    expect(DashboardEntries).to.deep.equal([
      { DashboardName: "platform", DashboardArn: arn, LastModified: new Date(noon), Size: 14 },
    ]);
  });

  it("are refused where they are no JSON, or not there", async () => {
    expect(await failure(world.declare(dashboardType, "odd", { dashboardBody: "{" }))).to.have.property(
      "message",
      `${dashboardType} odd: property dashboardBody must be JSON`,
    );
    const error = await failure(client.send(new GetDashboardCommand({ DashboardName: "none" })));
    expect(error).to.include({ name: "ResourceNotFound", message: "Dashboard none does not exist" });
  });
});
