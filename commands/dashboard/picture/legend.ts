import type { Drawn } from "../read";
import { type Box, element, fitting, palette, widthOf, words } from "./svg";

const size = 10.5;
const lineHeight = 14;
const mark = 13;
const between = 12;

/** Names beside their colours, at the foot of a room, on as many lines as they take. */
export const legend = (
  series: readonly (Pick<Drawn, "label" | "axis"> & { color: string })[],
  room: Box,
): { height: number; drawn: string[] } => {
  const placed: { label: string; color: string; axis: string; x: number; row: number }[] = [];
  let x = 0;
  let row = 0;
  for (const { label, color, axis } of series) {
    const text = fitting(label, size, room.width - mark);
    const width = mark + widthOf(text, size) + between;
    if (x > 0 && x + width - between > room.width) {
      x = 0;
      row++;
    }
    placed.push({ label: text, color, axis, x, row });
    x += width;
  }
  const height = (row + 1) * lineHeight;
  const top = room.y + room.height - height;
  const drawn = placed.flatMap(({ label, color, axis, x: at, row: line }) => {
    const middle = top + line * lineHeight + 8;
    const sign =
      axis === "right"
        ? element("line", {
            x1: room.x + at,
            x2: room.x + at + 10,
            y1: middle,
            y2: middle,
            stroke: color,
            "stroke-width": 2,
            "stroke-dasharray": "4 2",
          })
        : element("rect", { x: room.x + at, y: middle - 4, width: 9, height: 9, rx: 2, fill: color });
    return [sign, words(room.x + at + mark, middle + 4, label, { size, fill: palette.quiet })];
  });
  return { height, drawn };
};
