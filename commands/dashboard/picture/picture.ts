import type { Filled, FilledDashboard } from "../read";
import { drawAlarms } from "./alarms";
import { card } from "./card";
import { drawBars, drawFigures, drawGauge } from "./figures";
import { drawGraph } from "./graph";
import { type Box, element, escaped, palette, words } from "./svg";

const columnWidth = 50;
const rowHeight = 46;
const gap = 8;
const margin = 12;
const footer = 24;

const boxOf = ({ widget: { x, y, width, height } }: Filled): Box => ({
  x: margin + x * columnWidth + gap / 2,
  y: margin + y * rowHeight + gap / 2,
  width: width * columnWidth - gap,
  height: height * rowHeight - gap,
});

/** Markdown as far as a line of text needs it. */
const plain = (markdown: string): { text: string; bold: boolean }[] =>
  markdown
    .replace(/^#+\s*/, "**")
    .split("**")
    .map((text, at) => ({ text: text.trim(), bold: at % 2 === 1 }))
    .filter(({ text }) => text !== "");

const drawText = (markdown: string, { x, y, height }: Box): string =>
  element(
    "text",
    { x: x + 2, y: y + height / 2 + 5, "font-size": 14, fill: palette.ink },
    ...plain(markdown).map(({ text, bold }, at) =>
      element("tspan", { "font-weight": bold ? 700 : undefined, dx: at > 0 ? 5 : undefined }, escaped(text)),
    ),
  );

const drawWidget = (filled: Filled, prefix: string): string => {
  const box = boxOf(filled);
  if (!("series" in filled) && !("alarms" in filled)) return drawText(filled.widget.properties.markdown, box);
  return card(box, filled.widget.properties.title, (room) => {
    if ("alarms" in filled) return drawAlarms(filled.alarms, prefix, room);
    const { widget, series, from, to, period } = filled;
    switch (widget.properties.view) {
      case "singleValue":
        return drawFigures(series, room);
      case "gauge":
        return drawGauge(series, widget.properties.yAxis.left?.max ?? 1, room);
      case "bar":
        return drawBars(series, room);
      case "timeSeries":
        return drawGraph(widget, series, { from, to, period }, room);
    }
  });
};

/** One picture of a dashboard, on a ground of its own. The same dashboard, the same bytes. */
export const picture = ({ name, now, widgets }: FilledDashboard): string => {
  const boxes = widgets.map(boxOf);
  const width = Math.max(...boxes.map((box) => box.x + box.width)) + margin;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + footer;
  const prefix = name.replace(/platform$/, "");
  return `${element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      width: Math.ceil(width),
      height: Math.ceil(height),
      "font-family": "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, 'DejaVu Sans', sans-serif",
      role: "img",
      "aria-label": `Dashboard ${name}`,
    },
    element("rect", { width: Math.ceil(width), height: Math.ceil(height), rx: 10, fill: palette.page }),
    ...widgets.map((widget) => `\n${drawWidget(widget, prefix)}`),
    words(margin + gap / 2, height - 8, `Dashboard ${name} at ${new Date(now).toISOString().slice(11, 16)} UTC`, {
      fill: palette.quiet,
    }),
  )}\n`;
};
