import { expect } from "chai";
import { pastOf, readBody } from "../../../commands/dashboard/body";
import { figure, ticks } from "../../../commands/dashboard/picture/figure";
import { picture } from "../../../commands/dashboard/picture/picture";
import { fitting, widthOf } from "../../../commands/dashboard/picture/svg";
import { queriesOf } from "../../../commands/dashboard/queries";
import type { Drawn, Filled, FilledDashboard } from "../../../commands/dashboard/read";

const now = Date.UTC(2026, 0, 20, 9, 2);
const minute = 60_000;
const place = { x: 0, y: 0, width: 6, height: 4 };

const drawn = (label: string, values: readonly number[], more: Partial<Drawn> = {}): Drawn => ({
  label,
  axis: "left",
  color: undefined,
  points: values.map((value, at) => ({ at: now - 60 * minute + at * 5 * minute, value })),
  ...more,
});

const metricWidget = (view: string, properties: object = {}) => {
  const [widget] = readBody(
    JSON.stringify({
      widgets: [{ type: "metric", ...place, properties: { title: `A ${view}`, view, metrics: [], ...properties } }],
    }),
  ).widgets;
  if (widget?.type !== "metric") throw new Error("a metric widget was wanted");
  return widget;
};

const filled = (view: string, series: Drawn[], properties: object = {}): Filled => ({
  widget: metricWidget(view, properties),
  from: now - 60 * minute,
  to: now,
  period: 300,
  series,
});

const dashboard = (...widgets: Filled[]): FilledDashboard => ({ name: "signal9-dev-platform", now, widgets });

const alarm = (name: string, state: string) => ({ name: `signal9-dev-${name}`, state, changedAt: now });

const alarms = (...all: ReturnType<typeof alarm>[]): Filled => ({
  widget: { type: "alarm", ...place, properties: { title: "Alarms", alarms: all.map(({ name }) => name) } },
  alarms: all,
});

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map(([, text = ""]) => text);

describe("the picture of a dashboard", () => {
  const everything = dashboard(
    { widget: { type: "text", ...place, properties: { markdown: "**Signal9 & co.** reads <well>" } } },
    alarms(alarm("orders-delay", "ALARM"), alarm("silent", "INSUFFICIENT_DATA"), alarm("fine", "OK")),
    filled("timeSeries", [drawn("first", [1, 2, 3]), drawn("age", [7], { axis: "right" })], {
      yAxis: { left: { label: "events" }, right: { label: "ms" } },
      annotations: { horizontal: [{ label: "alarm: 9", value: 9 }] },
    }),
    filled("timeSeries", [drawn("lower", [1, 2]), drawn("upper", [0, 5])], { stacked: true }),
    filled("singleValue", [drawn("rated", [4, 12_345]), drawn("never told", [])]),
    filled("gauge", [drawn("spent", [20])], { yAxis: { left: { max: 25 } } }),
    filled("bar", [drawn("audit", [3]), drawn("analytics", [30])]),
  );

  it("is the same for the same dashboard, well formed, and on a ground of its own", () => {
    const svg = picture(everything);
    expect(picture(structuredClone(everything))).to.equal(svg);
    expect(svg).to.match(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
    expect(svg).to.include("Signal9 &amp; co.").and.include("reads &lt;well&gt;");
    const [opened, closed] = [/<[a-z]+(?:\s[^>]*[^/])?>/g, /<\/[a-z]+>/g].map((tag) => svg.match(tag)?.length);
    expect(opened).to.equal(closed);
    expect(svg).not.to.match(/NaN|undefined|Infinity/);
  });

  it("says in words and figures what each widget shows", () => {
    const said = texts(picture(everything));
    expect(said).to.include.members(["1 on", "of 3", "orders-delay", "events", "ms", "alarm: 9", "first", "age"]);
    expect(said).to.include.members(["rated", "12.3k", "never told", "–", "20", "spent, of 25", "audit", "30"]);
    expect(said.indexOf("analytics")).to.be.lessThan(said.indexOf("audit"));
    expect(texts(picture(dashboard(alarms(alarm("fine", "OK")))))).to.include("none on");
    const many = Array.from({ length: 5 }, (_, at) => alarm(`loud-${at}`, "ALARM"));
    expect(texts(picture(dashboard(alarms(...many))))).to.include.members(["loud-0", "loud-1", "and 3 more"]);
  });

  it("stacks one area on the other, and leaves a gap where a line has one", () => {
    const stacked = picture(
      dashboard(filled("timeSeries", [drawn("a", [4, 4]), drawn("b", [4, 0])], { stacked: true })),
    );
    const columns = [...stacked.matchAll(/d="(M[^"]*Z)"/g)].map(([, path = ""]) => path.match(/M/g)?.length);
    expect(columns).to.deep.equal([2, 1]);
    const gapped = drawn("g", [1, 2, 3, 4, 5]);
    gapped.points.splice(2, 1);
    const lines = picture(dashboard(filled("timeSeries", [gapped])));
    expect([...lines.matchAll(/d="M[\d. L]+"/g)]).to.have.length(2);
    const alone = picture(dashboard(filled("timeSeries", [drawn("alone", [1])])));
    expect(alone).to.include("<circle");
  });

  it("writes numbers as people read them", () => {
    expect([0, 0.00123, 0.5, 7, 12.345, 999.9, 1_234, 12_345, 2_500_000].map(figure)).to.deep.equal([
      "0",
      "0.0012",
      "0.5",
      "7",
      "12.3",
      "1000",
      "1,234",
      "12.3k",
      "2.5M",
    ]);
    expect(ticks(9)).to.deep.equal([0, 5, 10]);
    expect(ticks(0.13)).to.deep.equal([0, 0.05, 0.1, 0.15]);
    expect(ticks(0)).to.deep.equal([0, 1]);
    expect(fitting("a name that is too long", 10, 60)).to.match(/^a name.*…$/);
    expect(widthOf(fitting("a name that is too long", 10, 60), 10)).to.be.at.most(60);
    expect(fitting("short", 10, 60)).to.equal("short");
  });
});

describe("what is asked for a widget", () => {
  const metrics = [
    ["Shop", "Sold", "service", "cart", { stat: "Sum", id: "sold", visible: false }],
    [{ expression: "FILL(sold, 0)", id: "line0", label: "sold", color: "#123456" }],
    ["Shop", "Wait", { stat: "p99", label: "wait", yAxis: "right" }],
  ];

  it("is its metrics and what is computed of them, over what the dashboard shows", () => {
    const widget = metricWidget("timeSeries", { metrics });
    const { from, to, period, queries, styles } = queriesOf(widget, "-PT6H", now);
    expect([to - now, to - from, period]).to.deep.equal([3 * minute, 360 * minute, 300]);
    const sold = { Namespace: "Shop", MetricName: "Sold", Dimensions: [{ Name: "service", Value: "cart" }] };
    const wait = { Namespace: "Shop", MetricName: "Wait", Dimensions: [] };
    expect(queries).to.deep.equal([
      { Id: "sold", MetricStat: { Metric: sold, Stat: "Sum", Period: 300 }, ReturnData: false },
      { Id: "line0", Expression: "FILL(sold, 0)", ReturnData: true, Label: "sold" },
      { Id: "m2", MetricStat: { Metric: wait, Stat: "p99", Period: 300 }, ReturnData: true, Label: "wait" },
    ]);
    expect(styles).to.deep.equal([
      { id: "line0", axis: "left", color: "#123456" },
      { id: "m2", axis: "right", color: undefined },
    ]);
  });

  it("is one figure of all its time where the widget says so", () => {
    const widget = metricWidget("singleValue", { metrics, start: "-P1D", setPeriodToTimeRange: true });
    expect(queriesOf(widget, "-PT6H", now).period).to.equal(86_400);
  });

  it("is refused by name where it is not understood", () => {
    expect(() => metricWidget("pie")).to.throw("widgets.0.properties.view");
    expect(() => metricWidget("bar", { sparkline: true })).to.throw("widgets.0.properties.sparkline");
    expect(() => readBody('{"widgets":[{"type":"log"}]}')).to.throw("the dashboard cannot be drawn: widgets.0.type");
    expect(["-PT30M", "-PT6H", "-P1D", "-P2W"].map(pastOf)).to.deep.equal(
      [30, 360, 1_440, 20_160].map((minutes) => minutes * minute),
    );
    for (const odd of ["-P6H", "2026-01-20T00:00:00Z", "-PT1D"]) expect(() => pastOf(odd), odd).to.throw(odd);
  });
});
