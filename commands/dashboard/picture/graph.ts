import type { MetricWidget } from "../body";
import type { Drawn } from "../read";
import { figure, ticks } from "./figure";
import { legend } from "./legend";
import { type Box, element, palette, words } from "./svg";

interface Span {
  from: number;
  to: number;
  /** Seconds. */
  period: number;
}

const small = 10;
const axisWidth = 30;
const hourMs = 3_600_000;

const colored = (series: readonly Drawn[]): (Drawn & { color: string })[] =>
  series.map((one, at) => ({
    ...one,
    color: one.color ?? palette.series[at % palette.series.length] ?? palette.ink,
  }));

/** One value for each period, 0 where there is none. */
const filled = ({ points }: Drawn, { from, to, period }: Span): number[] => {
  const values = new Array<number>(Math.round((to - from) / (period * 1_000))).fill(0);
  for (const { at, value } of points) values[Math.round((at - from) / (period * 1_000))] = value;
  return values;
};

const highest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);

const stackedOn = (series: readonly Drawn[], span: Span): { bottom: number[]; top: number[] }[] => {
  let below = filled({ label: "", axis: "left", color: undefined, points: [] }, span);
  return series.map((one) => {
    const bottom = below;
    const top = filled(one, span).map((value, at) => value + (bottom[at] ?? 0));
    below = top;
    return { bottom, top };
  });
};

/** What belongs to one moment after another, apart where a period is missing between them. */
const stretches = ({ points }: Drawn, period: number): Drawn["points"][] => {
  const found: Drawn["points"][] = [];
  for (const point of points) {
    const last = found.at(-1);
    const before = last?.at(-1);
    if (last && before && point.at - before.at <= period * 1_000) last.push(point);
    else found.push([point]);
  }
  return found;
};

const hoursOf = ({ from, to }: Span, room: number): number[] => {
  const hours = Math.ceil((to - from) / hourMs);
  const step = Math.max(1, Math.ceil((hours * 42) / room)) * hourMs;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, at) => first + at * step);
};

/** Lines or areas over time, on one axis or two. */
export const drawGraph = (widget: MetricWidget, series: readonly Drawn[], span: Span, room: Box): string[] => {
  const { stacked, yAxis, annotations } = widget.properties;
  const all = colored(series);
  const left = all.filter(({ axis }) => axis === "left");
  const right = all.filter(({ axis }) => axis === "right");
  const named = legend(all, room);
  const plot = {
    x: room.x + axisWidth,
    y: room.y + 18,
    width: room.width - axisWidth - (yAxis.right ? axisWidth : 4),
    height: room.height - 18 - 16 - named.height,
  };
  const limits = annotations.horizontal;
  const layers = stacked ? stackedOn(left, span) : [];
  const most = (lines: readonly Drawn[]) => highest(lines.flatMap(({ points }) => points.map(({ value }) => value)));
  const leftMost = Math.max(
    stacked ? highest(layers.at(-1)?.top ?? []) : most(left),
    ...limits.map(({ value }) => value),
    0,
  );
  const scales = { left: ticks(leftMost), right: ticks(most(right)) };
  const x = (at: number) => plot.x + ((at - span.from) / (span.to - span.from)) * plot.width;
  const y = (value: number, axis: "left" | "right") => plot.y + plot.height * (1 - value / (scales[axis].at(-1) ?? 1));
  const stepMs = span.period * 1_000;
  const columns = (bottom: readonly number[], top: readonly number[]) =>
    top
      .flatMap((value, at) => {
        const below = bottom[at] ?? 0;
        if (value <= below) return [];
        const [start, end] = [x(span.from + at * stepMs), x(span.from + (at + 1) * stepMs)].map((px) => px.toFixed(1));
        const [high, low] = [y(value, "left"), y(below, "left")].map((py) => py.toFixed(1));
        return [`M${start} ${low}V${high}H${end}V${low}Z`];
      })
      .join("");
  const path = (points: readonly [number, number][]) =>
    `M${points.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L")}`;

  const areas = layers.map(({ bottom, top }, index) =>
    element("path", { d: columns(bottom, top), fill: left[index]?.color }),
  );
  const lines = (stacked ? right : all).toReversed().flatMap((one) =>
    stretches(one, span.period).map((points) => {
      const placed = points.map(({ at, value }): [number, number] => [x(at + span.period * 500), y(value, one.axis)]);
      const [[cx, cy] = [0, 0]] = placed;
      if (placed.length === 1) return element("circle", { cx, cy, r: 2.4, fill: one.color });
      const dashes = one.axis === "right" ? "4 2" : undefined;
      return element("path", {
        d: path(placed),
        fill: "none",
        stroke: one.color,
        "stroke-width": 1.6,
        "stroke-dasharray": dashes,
      });
    }),
  );
  const levels = scales.left.flatMap((value) => [
    element("line", {
      x1: plot.x,
      x2: plot.x + plot.width,
      y1: y(value, "left"),
      y2: y(value, "left"),
      stroke: palette.grid,
    }),
    words(plot.x - 4, y(value, "left") + 3.5, figure(value), { size: small, fill: palette.quiet, anchor: "end" }),
  ]);
  const rightLevels = yAxis.right
    ? scales.right.map((value) =>
        words(plot.x + plot.width + 4, y(value, "right") + 3.5, figure(value), { size: small, fill: palette.quiet }),
      )
    : [];
  const hours = hoursOf(span, plot.width).map((at) =>
    words(x(at), plot.y + plot.height + 13, new Date(at).toISOString().slice(11, 16), {
      size: small,
      fill: palette.quiet,
      anchor: "middle",
    }),
  );
  const alarmed = limits.flatMap(({ label, value }) => [
    element("line", {
      x1: plot.x,
      x2: plot.x + plot.width,
      y1: y(value, "left"),
      y2: y(value, "left"),
      stroke: palette.bad,
      "stroke-dasharray": "5 3",
    }),
    words(plot.x + plot.width - 2, y(value, "left") + 11, label, { size: small, fill: palette.bad, anchor: "end" }),
  ]);
  return [
    words(room.x, room.y + 8, yAxis.left?.label ?? "", { size: small, fill: palette.quiet }),
    ...(yAxis.right
      ? [words(room.x + room.width, room.y + 8, yAxis.right.label, { size: small, fill: palette.quiet, anchor: "end" })]
      : []),
    ...levels,
    ...rightLevels,
    ...hours,
    ...areas,
    ...alarmed,
    ...lines,
    ...named.drawn,
  ];
};
