/** Where something stands on the picture. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const palette = {
  page: "#eef1f5",
  card: "#ffffff",
  edge: "#d5dbe3",
  ink: "#1b2430",
  quiet: "#5b6775",
  grid: "#e6eaef",
  good: "#2e9e4f",
  bad: "#d13438",
  unknown: "#a9b3bf",
  series: ["#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b", "#17becf", "#e377c2", "#7f7f7f"],
} as const;

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

/** No more digits than can be seen. */
const short = (value: number | string): string =>
  typeof value === "number" ? String(Math.round(value * 10) / 10) : escaped(value);

type Attributes = Record<string, number | string | undefined>;

const attributesOf = (attributes: Attributes): string =>
  Object.entries(attributes)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${short(value)}"`]))
    .join("");

export const element = (name: string, attributes: Attributes, ...children: string[]): string =>
  children.length > 0
    ? `<${name}${attributesOf(attributes)}>${children.join("")}</${name}>`
    : `<${name}${attributesOf(attributes)}/>`;

interface Style {
  size?: number;
  fill?: string;
  weight?: number;
  anchor?: "middle" | "end";
}

export const words = (x: number, y: number, text: string, style: Style = {}): string =>
  element(
    "text",
    {
      x,
      y,
      "font-size": style.size ?? 11,
      fill: style.fill ?? palette.ink,
      "font-weight": style.weight,
      "text-anchor": style.anchor,
    },
    escaped(text),
  );

/** Of a sans serif, in parts of its size, generously: fonts differ. */
const letterWidths: readonly [RegExp, number][] = [
  [/[ijl.,:;'|!]/, 0.32],
  [/[ftr()/ -]/, 0.42],
  [/[mwMW%]/, 0.95],
  [/[A-Z]/, 0.72],
];

const letterWidth = (letter: string): number => letterWidths.find(([letters]) => letters.test(letter))?.[1] ?? 0.61;

export const widthOf = (text: string, size: number): number =>
  [...text].reduce((width, letter) => width + letterWidth(letter) * size, 0);

/** As much of a text as fits. */
export const fitting = (text: string, size: number, width: number): string => {
  if (widthOf(text, size) <= width) return text;
  let kept = text;
  while (kept.length > 1 && widthOf(`${kept}…`, size) > width) kept = kept.slice(0, -1).trimEnd();
  return `${kept}…`;
};
