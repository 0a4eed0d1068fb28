import { CloudWatchClient, PutMetricDataCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { picture } from "../../../commands/dashboard/picture/picture";
import { readDashboard } from "../../../commands/dashboard/read";
import { minute, noon, startWorld, type World } from "./serviceWorld";

const place = { x: 0, y: 0, width: 6, height: 4 };
const arnOf = (name: string) => `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`;

const sold = (shop: string, drawn: object) => ["Shop", "Sold", "shop", shop, { stat: "Sum", label: shop, ...drawn }];

const body = {
  start: "-PT1H",
  widgets: [
    { type: "text", ...place, properties: { markdown: "**Shops**" } },
    { type: "alarm", ...place, properties: { title: "Alarms", alarms: ["calm", "loud"].map(arnOf) } },
    {
      type: "metric",
      ...place,
      properties: {
        title: "Best",
        view: "timeSeries",
        region: "us-east-1",
        metrics: [
          ...["north", "south", "west"].map((shop) => sold(shop, { id: shop, visible: false })),
          [{ expression: "SORT([north, south, west], MAX, DESC, 2)", id: "first" }],
          [{ expression: "FILL(SUM([north, south, west]), 0)", id: "all", label: "all shops", yAxis: "right" }],
        ],
      },
    },
    {
      type: "metric",
      ...place,
      properties: { title: "Sold", view: "singleValue", setPeriodToTimeRange: true, metrics: [sold("south", {})] },
    },
  ],
};

describe("a dashboard read from CloudWatch", () => {
  let world: World;
  let client: CloudWatchClient;
  before(async () => {
    world = await startWorld();
    client = new CloudWatchClient(world.client);
    for (const name of ["calm", "loud"]) {
      await world.declare("aws:cloudwatch/metricAlarm:MetricAlarm", name, {
        name,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 5,
        evaluationPeriods: 1,
        namespace: "Shop",
        metricName: "Latency",
        statistic: "Maximum",
        period: 60,
      });
    }
    await world.declare("aws:cloudwatch/dashboard:Dashboard", "shops", {
      dashboardName: "shops",
      dashboardBody: JSON.stringify(body),
    });
    for (const [shop, ...values] of [
      ["north", 1, 2],
      ["south", 30, 40],
      ["west", 5, 6],
    ] as const) {
      for (const [at, Value] of values.entries()) {
        const Timestamp = new Date(noon - (20 - at * 5) * minute);
        const Dimensions = [{ Name: "shop", Value: shop }];
        await client.send(
          new PutMetricDataCommand({
            Namespace: "Shop",
            MetricData: [{ MetricName: "Sold", Dimensions, Timestamp, Value }],
          }),
        );
      }
    }
    await client.send(new SetAlarmStateCommand({ AlarmName: "loud", StateValue: "ALARM", StateReason: "a test" }));
  });
  after(() => world.close());

  it("has its alarms, those that are on first, and its metrics, the highest under their own names", async () => {
    const { widgets } = await readDashboard(client, "shops", noon);
    const [, alarms, best, figures] = widgets;
    expect(alarms).to.have.property("alarms");
    if (!alarms || !("alarms" in alarms)) return;
    expect(alarms.alarms.map(({ name, state }) => [name, state])).to.deep.equal([
      ["loud", "ALARM"],
      ["calm", "INSUFFICIENT_DATA"],
    ]);
    const series = best && "series" in best ? best.series : [];
    expect(series.map(({ label, axis }) => [label, axis])).to.deep.equal([
      ["south", "left"],
      ["west", "left"],
      ["all shops", "right"],
    ]);
    expect(series[0]?.points.map(({ value }) => value)).to.deep.equal([30, 40]);
    expect(series[2]?.points.map(({ value }) => value).filter((value) => value > 0)).to.deep.equal([36, 48]);
    expect(
      figures && "series" in figures ? figures.series.map(({ points }) => points.map(({ value }) => value)) : [],
    ).to.deep.equal([[70]]);
  });

  it("is drawn with what was read", async () => {
    const svg = picture(await readDashboard(client, "shops", noon));
    for (const text of ["Shops", "1 on", "loud", "south", "west", "all shops", ">70<"]) expect(svg).to.include(text);
    expect(svg).not.to.include("north");
  });
});
