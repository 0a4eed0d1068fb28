import * as v from "valibot";
import { UserError } from "../../local/engine/stackFile";

const place = {
  x: v.number(),
  y: v.number(),
  width: v.number(),
  height: v.number(),
};

const drawn = {
  id: v.optional(v.string()),
  label: v.optional(v.string()),
  color: v.optional(v.string()),
  visible: v.optional(v.boolean(), true),
  yAxis: v.optional(v.picklist(["left", "right"]), "left"),
};

const axis = v.strictObject({
  label: v.optional(v.string(), ""),
  showUnits: v.optional(v.boolean()),
  min: v.optional(v.number()),
  max: v.optional(v.number()),
});

const metricWidget = v.strictObject({
  type: v.literal("metric"),
  ...place,
  properties: v.strictObject({
    title: v.string(),
    view: v.picklist(["timeSeries", "singleValue", "gauge", "bar"]),
    stacked: v.optional(v.boolean(), false),
    period: v.optional(v.number(), 300),
    region: v.optional(v.string()),
    start: v.optional(v.string()),
    end: v.optional(v.string()),
    setPeriodToTimeRange: v.optional(v.boolean(), false),
    metrics: v.array(v.array(v.unknown())),
    yAxis: v.optional(v.strictObject({ left: v.optional(axis), right: v.optional(axis) }), {}),
    annotations: v.optional(
      v.strictObject({ horizontal: v.array(v.strictObject({ label: v.string(), value: v.number() })) }),
      { horizontal: [] },
    ),
  }),
});

const alarmWidget = v.strictObject({
  type: v.literal("alarm"),
  ...place,
  properties: v.strictObject({
    title: v.string(),
    alarms: v.array(v.string()),
    sortBy: v.optional(v.picklist(["default", "stateUpdatedTimestamp", "timestamp"])),
  }),
});

const textWidget = v.strictObject({
  type: v.literal("text"),
  ...place,
  properties: v.strictObject({ markdown: v.string() }),
});

const body = v.strictObject({
  start: v.optional(v.string(), "-PT3H"),
  periodOverride: v.optional(v.picklist(["auto", "inherit"])),
  widgets: v.array(v.variant("type", [metricWidget, alarmWidget, textWidget])),
});

/** A metric, or what is computed of metrics, as a widget lists it. */
export const metricEntry = v.strictObject({ ...drawn, stat: v.string() });
export const expressionEntry = v.strictObject({ ...drawn, expression: v.string(), id: v.string() });

export type Dashboard = v.InferOutput<typeof body>;
export type Widget = Dashboard["widgets"][number];
export type MetricWidget = v.InferOutput<typeof metricWidget>;
export type AlarmWidget = v.InferOutput<typeof alarmWidget>;
export type TextWidget = v.InferOutput<typeof textWidget>;

/** A dashboard as CloudWatch has it. What cannot be drawn is refused by name, not left out. */
export const readBody = (text: string): Dashboard => {
  const result = v.safeParse(body, JSON.parse(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new UserError(`the dashboard cannot be drawn: ${v.getDotPath(issue) ?? "its body"}: ${issue.message}`);
};

const units: Record<string, number> = { M: 60_000, H: 3_600_000, D: 86_400_000, W: 604_800_000 };

/** `-PT6H` → six hours, in milliseconds. */
export const pastOf = (text: string): number => {
  const [, hours, ofDay = "", days, ofWeek = ""] = /^-P(?:T(\d+)([MH])|(\d+)([DW]))$/.exec(text) ?? [];
  const length = units[ofDay || ofWeek];
  if (length === undefined) throw new UserError(`the dashboard cannot be drawn: ${text} is not understood as a start`);
  return Number(hours ?? days) * length;
};
