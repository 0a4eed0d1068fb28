import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { failure, minute, noon, startWorld, type World } from "./serviceWorld";

const start = noon - (noon % minute);

describe("CloudWatch metrics on the embedded cloud", () => {
  let world: World;
  let client: CloudWatchClient;
  const put = (...MetricData: MetricDatum[]) =>
    client.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData }));
  const statistics = (more: object = {}) =>
    client.send(
      new GetMetricStatisticsCommand({
        Namespace: "Shop",
        MetricName: "Sold",
        StartTime: new Date(start - 5 * minute),
        EndTime: new Date(start + 5 * minute),
        Period: 60,
        Statistics: ["Sum", "Maximum"],
        ...more,
      }),
    );
  const data = (MetricDataQueries: GetMetricDataCommandInput["MetricDataQueries"], more: object = {}) =>
    client.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(start - 5 * minute),
        EndTime: new Date(start + 5 * minute),
        ...more,
      }),
    );
  const metric = (Id: string, Period = 60) => ({
    Id,
    MetricStat: { Metric: { Namespace: "Shop", MetricName: "Sold" }, Stat: "Sum", Period },
  });

  beforeEach(async () => {
    world = await startWorld();
    client = new CloudWatchClient(world.client);
  });
  afterEach(() => world.close());

  it("gives statistics of what was put", async () => {
    await put(
      { MetricName: "Sold", Value: 2, Unit: "Count" },
      { MetricName: "Sold", Values: [3, 5], Counts: [2, 1], Timestamp: new Date(noon - minute), Unit: "Count" },
    );
    const { Label, Datapoints } = await statistics({ ExtendedStatistics: ["p50", "p100"], Unit: "Count" });
    expect(Label).to.equal("Sold");
    expect(Datapoints).to.deep.equal([
      {
        Timestamp: new Date(start - minute),
        Unit: "Count",
        Sum: 11,
        Maximum: 5,
        ExtendedStatistics: { p50: 3, p100: 5 },
      },
      { Timestamp: new Date(start), Unit: "Count", Sum: 2, Maximum: 2, ExtendedStatistics: { p50: 2, p100: 2 } },
    ]);
    expect((await statistics({ Unit: "Bytes" })).Datapoints).to.deep.equal([]);
    expect((await statistics({ Statistics: [], ExtendedStatistics: ["p50"] })).Datapoints).to.have.length(2);
  });

  it("takes data that came packed", async () => {
    const datum = (at: number): MetricDatum => ({ MetricName: `metric-${at}-${"x".repeat(100)}`, Value: at });
    await put(...Array.from({ length: 200 }, (_, at) => datum(at)));
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: "Shop" }));
    expect(Metrics).to.have.length(200);
  });

  it("lists metrics by name and dimensions", async () => {
    const of = (Value: string) => ({ MetricName: "Sold", Value: 1, Dimensions: [{ Name: "shop", Value }] });
    await put(of("north"), of("south"), { MetricName: "Lost", Value: 1 });
    const list = async (more: object) => (await client.send(new ListMetricsCommand(more))).Metrics;
    expect(await list({ MetricName: "Sold", Dimensions: [{ Name: "shop", Value: "north" }] })).to.deep.equal([
      { Namespace: "Shop", MetricName: "Sold", Dimensions: [{ Name: "shop", Value: "north" }] },
    ]);
    expect(await list({ Dimensions: [{ Name: "shop" }] })).to.have.length(2);
    expect(await list({ Namespace: "Else" })).to.deep.equal([]);
  });

  it("answers metric math, newest first unless asked", async () => {
    await put({ MetricName: "Sold", Value: 2 }, { MetricName: "Sold", Value: 4, Timestamp: new Date(noon - minute) });
    const twice = { Id: "twice", Expression: "sold * 2", Label: "Twice" };
    const { MetricDataResults } = await data([{ ...metric("sold"), ReturnData: false }, twice]);
    expect(MetricDataResults).to.deep.equal([
      {
        Id: "twice",
        Label: "Twice",
        Timestamps: [new Date(start), new Date(start - minute)],
        Values: [4, 8],
        StatusCode: "Complete",
      },
    ]);
    const ascending = await data([metric("sold"), metric("hourly", 3_600)], { ScanBy: "TimestampAscending" });
    expect(ascending.MetricDataResults?.map(({ Label, Values }) => [Label, Values])).to.deep.equal([
      ["Sold", [4, 2]],
      ["Sold", [6]],
    ]);
    const unit = { ...metric("sold").MetricStat, Unit: "Bytes" as const };
    const inBytes = await data([
      { Id: "bytes", MetricStat: unit },
      { Id: "level", Expression: "TIME_SERIES(1)", Period: 60 },
    ]);
    expect(inBytes.MetricDataResults?.map(({ Values }) => Values?.length)).to.deep.equal([0, 10]);
  });

  it("looks at no time before the data that is kept", async () => {
    await put({ MetricName: "Sold", Value: 2 });
    const { MetricDataResults } = await data([metric("sold", 3_600)], { StartTime: new Date(0) });
    expect(MetricDataResults?.[0]?.Values).to.deep.equal([2]);
  });

  it("refuses as CloudWatch does", async () => {
    const cases: [() => Promise<unknown>, string, RegExp][] = [
      [() => put({ MetricName: "Sold" }), "InvalidParameterCombinationException", /either Value or Values/],
      [() => put({ MetricName: "Sold", Value: Number.MAX_VALUE }), "InvalidParameterValueException", /out of range/],
      [
        () => put({ MetricName: "Sold", Value: 1, Timestamp: new Date(0) }),
        "InvalidParameterValueException",
        /two weeks/,
      ],
      [
        () =>
          client.send(new PutMetricDataCommand({ Namespace: "AWS/Shop", MetricData: [{ MetricName: "a", Value: 1 }] })),
        "InvalidParameterValueException",
        /AWS\//,
      ],
      [() => statistics({ EndTime: new Date(0) }), "InvalidParameterValueException", /must be less than/],
      [() => statistics({ Statistics: [] }), "MissingRequiredParameterException", /Statistics/],
      [
        () => statistics({ StartTime: new Date(noon - 1_441 * minute), EndTime: new Date(noon) }),
        "InvalidParameterCombinationException",
        /up to 1441 datapoints, which exceeds the limit of 1,440/,
      ],
      [() => data([metric("a"), metric("a")]), "InvalidParameterValueException", /unique/],
      [() => data([{ Id: "a" }]), "InvalidParameterValueException", /either MetricStat or Expression/],
      [() => data([{ Id: "a", Expression: "TIME_SERIES(1)" }]), "InvalidParameterValueException", /period/],
      [() => data([{ ...metric("A") }]), "InvalidParameterValueException", /lowercase/],
      [() => data([metric("a")], { EndTime: new Date(0) }), "InvalidParameterValueException", /must be less than/],
    ];
    for (const [work, name, message] of cases) {
      const error = await failure(work());
      expect(error.name).to.equal(name);
      expect(error.message).to.match(message);
    }
  });

  it("refuses by name what it does not do", async () => {
    const cases: [() => Promise<unknown>, RegExp][] = [
      [() => client.send(new PutMetricAlarmCommand({} as never)), /monitoring:PutMetricAlarm/],
      [
        () => put({ MetricName: "a", StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } }),
        /monitoring:PutMetricData with the parameter MetricData.0.StatisticValues/,
      ],
      [() => statistics({ Period: 10 }), /a period of 10 s/],
      [() => data([metric("a"), metric("b", 300), { Id: "c", Expression: "a+b" }]), /metrics of different periods/],
      [() => data([metric("a")], { MaxDatapoints: 5 }), /the parameter MaxDatapoints/],
    ];
    for (const [work, message] of cases) {
      const error = await failure(work());
      expect(error.name).to.equal("NotImplemented");
      expect(error.message).to.match(message);
    }
  });

  it("refuses other protocols, and what is no gzip", async () => {
    const authorization = "AWS4-HMAC-SHA256 Credential=local/20260120/us-east-1/monitoring/aws4_request, Signature=0";
    const ask = async (headers: Record<string, string>, body: string) =>
      (await fetch(world.client.endpoint, { method: "POST", headers: { authorization, ...headers }, body })).text();
    expect(await ask({}, "Action=ListMetrics")).to.include("another protocol than AWS JSON 1.0");
    const packed = { "content-encoding": "gzip", "x-amz-target": "GraniteServiceVersion20100801.PutMetricData" };
    expect(await ask(packed, "plain")).to.include("SerializationException");
  });

  it("asks for permission", async () => {
    const role = new CloudWatchClient(world.asRole([{ Action: "cloudwatch:PutMetricData", Resource: "*" }]));
    await role.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName: "a", Value: 1 }] }));
    expect((await failure(role.send(new ListMetricsCommand({})))).name).to.equal("AccessDeniedException");
  });

  it("takes a service's own metrics, and forgets all data on a reset", async () => {
    world.cloudWatch.putMetric({
      namespace: "AWS/Lambda",
      name: "Errors",
      dimensions: { FunctionName: "cart" },
      timestamp: noon,
      values: [1],
    });
    const list = async () => (await client.send(new ListMetricsCommand({}))).Metrics;
    expect(await list()).to.have.length(1);
    await world.cloudWatch.monitoring.reset();
    expect(await list()).to.deep.equal([]);
  });
});
