import type { Drawn } from "../read";
import { figure } from "./figure";
import { type Box, element, fitting, palette, words } from "./svg";

const latest = ({ points }: Drawn): string => {
  const last = points.at(-1);
  return last ? figure(last.value) : "–";
};

/** A figure for each line, its name below it, in one column or two. */
export const drawFigures = (series: readonly Drawn[], room: Box): string[] => {
  const columns = room.width > 200 && series.length > 2 ? 2 : 1;
  const rows = Math.ceil(series.length / columns);
  const width = room.width / columns;
  const height = room.height / rows;
  return series.flatMap((one, at) => {
    const x = room.x + (at % columns) * width;
    const y = room.y + Math.floor(at / columns) * height + height / 2;
    return [
      words(x, y + 2, latest(one), { size: 19, weight: 600 }),
      words(x, y + 15, fitting(one.label, 11, width), { size: 11, fill: palette.quiet }),
    ];
  });
};

const barSize = 10.5;

/** A bar for each line, with its name and its figure, the longest first. */
export const drawBars = (series: readonly Drawn[], room: Box): string[] => {
  const values = series.map((one) => ({ label: one.label, value: one.points.at(-1)?.value ?? 0 }));
  values.sort((a, b) => b.value - a.value);
  const height = Math.min(20, room.height / values.length);
  const named = room.width * 0.45;
  const most = values.reduce((highest, { value }) => Math.max(highest, value), 1);
  const widest = room.width - named - 40;
  return values.flatMap(({ label, value }, at) => {
    const y = room.y + at * height;
    const width = (value / most) * widest;
    return [
      words(room.x + named - 6, y + height / 2 + 3.5, fitting(label, barSize, named - 6), {
        size: barSize,
        fill: palette.quiet,
        anchor: "end",
      }),
      element("rect", {
        x: room.x + named,
        y: y + 1.5,
        width: Math.max(1, width),
        height: height - 3,
        rx: 2,
        fill: palette.series[0],
      }),
      words(room.x + named + width + 5, y + height / 2 + 3.5, figure(value), { size: barSize, weight: 600 }),
    ];
  });
};

const arc = (cx: number, cy: number, radius: number, share: number): string => {
  const angle = Math.PI * (1 - share);
  const x = cx + radius * Math.cos(angle);
  const y = cy - radius * Math.sin(angle);
  return `M${cx - radius} ${cy}A${radius} ${radius} 0 0 1 ${x.toFixed(1)} ${y.toFixed(1)}`;
};

/** How much of something is used up. */
export const drawGauge = (series: readonly Drawn[], max: number, room: Box): string[] => {
  const radius = Math.min(room.width / 2 - 8, room.height - 44);
  const cx = room.x + room.width / 2;
  const cy = room.y + radius + 14;
  const [one] = series;
  const value = one?.points.at(-1)?.value ?? 0;
  const share = Math.min(1, Math.max(0, value / max));
  const stroke = { fill: "none", "stroke-width": 13 };
  return [
    element("path", { d: arc(cx, cy, radius, 1), stroke: palette.grid, ...stroke }),
    element("path", { d: arc(cx, cy, radius, share), stroke: palette.series[0], ...stroke }),
    words(cx, cy - 4, figure(value), { size: 22, weight: 600, anchor: "middle" }),
    words(cx, cy + 16, `${one?.label ?? ""}, of ${figure(max)}`, { size: 11, fill: palette.quiet, anchor: "middle" }),
  ];
};
