import type * as pulumi from "@pulumi/pulumi";
import { all, type Entry, type Line } from "./line";

/** A piece of the dashboard, wherever it stands. */
export interface Widget {
  type: "alarm" | "metric" | "text";
  properties: Record<string, unknown>;
}

/** How much of the past the graphs show; figures are of the last day. */
export const shownPast = "-PT6H";
const day = "-P1D";

const periodSeconds = 300;

/** A level at which an alarm goes on. */
export interface Limit {
  label: string;
  value: number;
}

interface Graph {
  /** All of these, or a few of many. */
  lines: readonly Line[] | { few: Entry[] };
  /** Of the axes. */
  units: { left: string; right?: string };
  limit?: Limit | undefined;
}

const entriesOf = (drawn: Graph["lines"]): Entry[] => ("few" in drawn ? drawn.few : all(drawn));

const axis = (label: string) => ({ label, showUnits: false, min: 0 });

const graph = (title: string, { lines, units, limit }: Graph, stacked: boolean): Widget => ({
  type: "metric",
  properties: {
    title,
    view: "timeSeries",
    stacked,
    period: periodSeconds,
    metrics: entriesOf(lines),
    yAxis: { left: axis(units.left), ...(units.right !== undefined && { right: axis(units.right) }) },
    ...(limit && { annotations: { horizontal: [limit] } }),
  },
});

/** Lines over time. */
export const lines = (title: string, drawn: Graph): Widget => graph(title, drawn, false);

/** Parts of a whole over time. */
export const areas = (title: string, drawn: Graph): Widget => graph(title, drawn, true);

/** One figure each, as it is now. */
export const latest = (title: string, drawn: readonly Line[]): Widget => ({
  type: "metric",
  properties: { title, view: "singleValue", period: 900, metrics: all(drawn) },
});

/** One figure each, of the last day. */
export const ofTheDay = (title: string, drawn: readonly Line[]): Widget => ({
  type: "metric",
  properties: {
    title,
    view: "singleValue",
    period: periodSeconds,
    start: day,
    end: "PT0H",
    setPeriodToTimeRange: true,
    metrics: all(drawn),
  },
});

/** How much of something limited was used in the last day. */
export const gauge = (title: string, drawn: Line, max: number): Widget => ({
  type: "metric",
  properties: {
    title,
    view: "gauge",
    period: periodSeconds,
    start: day,
    end: "PT0H",
    setPeriodToTimeRange: true,
    metrics: all([drawn]),
    yAxis: { left: { min: 0, max } },
  },
});

/** A bar each, of all the time that is shown. */
export const bars = (title: string, drawn: readonly Line[]): Widget => ({
  type: "metric",
  properties: { title, view: "bar", period: periodSeconds, setPeriodToTimeRange: true, metrics: all(drawn) },
});

/** Whatever is on comes first. */
export const alarmStates = (title: string, arns: readonly pulumi.Input<string>[]): Widget => ({
  type: "alarm",
  properties: { title, alarms: arns, sortBy: "stateUpdatedTimestamp" },
});

export const text = (markdown: string): Widget => ({ type: "text", properties: { markdown } });
