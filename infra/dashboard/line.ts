import type * as pulumi from "@pulumi/pulumi";
import type { Metric } from "../alarmDefinition";

/** What is drawn under one name: a metric, or what an expression makes of several. */
export interface Line {
  label: string;
  /** By the name under which the expression knows them; of a list, it knows the array. */
  metrics: Record<string, Metric | readonly Metric[]>;
  /** @default the one metric */
  expression?: string;
  /** Lines that are not drawn themselves: this one is what they come to together. */
  parts?: readonly Line[];
  axis?: "right";
  color?: string;
}

/** An entry of a widget's `metrics`, as CloudWatch has it. */
export type Entry = pulumi.Input<unknown>[];

export const line = (label: string, metric: Metric, drawn: Pick<Line, "axis" | "color"> = {}): Line => ({
  label,
  metrics: { m: metric },
  ...drawn,
});

/** Of many metrics, all of them together; where nothing was told, there was nothing. */
export const total = (label: string, metrics: readonly Metric[], drawn: Pick<Line, "axis" | "color"> = {}): Line => ({
  label,
  metrics: { m: metrics },
  expression: "FILL(SUM(m), 0)",
  ...drawn,
});

/** What several lines come to together. As one expression it could be longer than CloudWatch takes. */
export const sum = (label: string, parts: readonly Line[]): Line => ({ label, metrics: {}, parts });

/** Of many metrics, the one that is highest at each moment. */
export const highest = (label: string, metrics: readonly Metric[], drawn: Pick<Line, "axis" | "color"> = {}): Line => ({
  label,
  metrics: { m: metrics },
  expression: "MAX(m)",
  ...drawn,
});

const computedOf = ({ metrics, expression = Object.keys(metrics).join() }: Line): string => expression;

/** Of what is told in milliseconds. */
export const inSeconds = (one: Line): Line => ({ ...one, expression: `(${computedOf(one)}) / 1000` });

/** Where silence means that there is nothing. */
export const orNone = (one: Line): Line => ({ ...one, expression: `FILL(${computedOf(one)}, 0)` });

const entryOf = ({ namespace, name, stat, dimensions }: Metric, drawn: object): Entry => [
  namespace,
  name,
  ...Object.entries(dimensions).flat(),
  { stat, ...drawn },
];

const drawnAs = ({ label, axis, color }: Line) => ({
  label,
  ...(axis && { yAxis: axis }),
  ...(color && { color }),
});

/** An expression over metrics that are not drawn themselves. */
const computed = (one: Line, expression: string, id: string, visible: boolean): Entry[] => {
  const hidden: Entry[] = [];
  const names = new Map<string, string>();
  for (const [name, metrics] of Object.entries(one.metrics)) {
    const ids = [metrics].flat().map((metric, at) => {
      const metricId = `${id}_${name}_${at}`;
      hidden.push(entryOf(metric, { id: metricId, visible: false }));
      return metricId;
    });
    names.set(name, Array.isArray(metrics) ? `[${ids.join(", ")}]` : ids.join());
  }
  const written = expression.replace(/\b[a-z]\w*\b/g, (name) => names.get(name) ?? name);
  return [...hidden, [{ expression: written, id, ...drawnAs(one), ...(!visible && { visible }) }]];
};

const entriesOf = (one: Line, id: string, visible: boolean): Entry[] => {
  if (one.parts) {
    const ids = one.parts.map((_, at) => `${id}_${at}`);
    const undrawn = one.parts.flatMap((part, at) => entriesOf(part, `${id}_${at}`, false));
    return [...undrawn, ...computed(one, ids.join(" + "), id, visible)];
  }
  if (one.expression !== undefined) return computed(one, one.expression, id, visible);
  return Object.values(one.metrics)
    .flat()
    .map((metric) => entryOf(metric, { ...drawnAs(one), ...(!visible && { id, visible }) }));
};

const idOf = (at: number): string => `line${at}`;

/** Each line. */
export const all = (lines: readonly Line[]): Entry[] => lines.flatMap((one, at) => entriesOf(one, idOf(at), true));

/** Of many lines, the few that rise highest, and those that are always drawn. */
export const first = (count: number, lines: readonly Line[], always: readonly Line[] = []): Entry[] => [
  ...lines.flatMap((one, at) => entriesOf(one, idOf(at), false)),
  [{ expression: `SORT([${lines.map((_, at) => idOf(at)).join(", ")}], MAX, DESC, ${count})`, id: "first" }],
  ...always.flatMap((one, at) => entriesOf(one, idOf(lines.length + at), true)),
];
