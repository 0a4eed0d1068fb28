import type { AlarmState } from "../read";
import { type Box, element, fitting, palette, words } from "./svg";

const colors: Record<string, string> = { ALARM: palette.bad, OK: palette.good };
const size = 9;
const step = 12;
const namedAtMost = 3;

/** How many alarms are on, which ones, and a square for each there is. */
export const drawAlarms = (alarms: readonly AlarmState[], prefix: string, room: Box): string[] => {
  const on = alarms.filter(({ state }) => state === "ALARM");
  const shown = on.slice(0, on.length > namedAtMost ? namedAtMost - 1 : namedAtMost);
  const rest = on.length - shown.length;
  const names = [...shown.map(({ name }) => name.replace(prefix, "")), ...(rest > 0 ? [`and ${rest} more`] : [])];
  const columns = Math.floor((room.width + step - size) / step);
  const top = room.y + 26 + names.length * 14;
  return [
    words(room.x, room.y + 14, on.length > 0 ? `${on.length} on` : "none on", {
      size: 19,
      weight: 600,
      fill: on.length > 0 ? palette.bad : palette.good,
    }),
    words(room.x + room.width, room.y + 14, `of ${alarms.length}`, { size: 11, fill: palette.quiet, anchor: "end" }),
    ...names.map((name, at) =>
      words(room.x, room.y + 30 + at * 14, fitting(name, 11, room.width), { fill: palette.bad }),
    ),
    ...alarms.map(({ state }, at) =>
      element("rect", {
        x: room.x + (at % columns) * step,
        y: top + Math.floor(at / columns) * step,
        width: size,
        height: size,
        rx: 2,
        fill: colors[state] ?? palette.unknown,
      }),
    ),
  ];
};
