import { invalid, unsupported } from "../refused";
import type { FieldsOf } from "./fields";
import type { Reader } from "./tokens";

/** A row of an answer, by the names of its columns. */
export type Row = ReadonlyMap<string, string>;

interface Figure {
  name: string;
  of: (events: readonly FieldsOf[]) => number | string | undefined;
}

const numbers = (events: readonly FieldsOf[], field: string): number[] =>
  events.flatMap((fields) => {
    const value = Number(fields(field) ?? Number.NaN);
    return Number.isFinite(value) ? [value] : [];
  });

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The value below which so many per cent of them lie, the nearest of those that there are. */
const percentile = (values: readonly number[], percent: number): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
};

const overNumbers: Record<string, (values: readonly number[]) => number | undefined> = {
  sum,
  avg: (values) => (values.length > 0 ? sum(values) / values.length : undefined),
  min: (values) => (values.length > 0 ? Math.min(...values) : undefined),
  max: (values) => (values.length > 0 ? Math.max(...values) : undefined),
};

const named = (reader: Reader, written: string, of: Figure["of"]): Figure => {
  reader.expect(")");
  return { name: reader.accept("as") ? reader.word("a name") : written, of };
};

const readFigure = (reader: Reader): Figure => {
  const name = reader.word("a statistic").toLowerCase();
  reader.expect("(");
  if (name === "count") {
    if (reader.accept("*")) return named(reader, "count(*)", (events) => events.length);
    const field = reader.word("a field");
    return named(reader, `count(${field})`, (events) => events.filter((fields) => fields(field) !== undefined).length);
  }
  const field = reader.word("a field");
  if (name === "count_distinct") {
    return named(
      reader,
      `count_distinct(${field})`,
      (events) => new Set(events.flatMap((fields) => fields(field) ?? [])).size,
    );
  }
  if (name === "pct") {
    reader.expect(",");
    const percent = reader.number("a percentage");
    if (percent < 0 || percent > 100) throw invalid("a query's percentile is from 0 to 100");
    return named(reader, `pct(${field}, ${percent})`, (events) => percentile(numbers(events, field), percent));
  }
  const over = overNumbers[name];
  if (!over) throw unsupported(`the statistic ${name} in a query`);
  return named(reader, `${name}(${field})`, (events) => over(numbers(events, field)));
};

/** Reads `count(*) as n, pct(ms, 99) by field`. */
export const readStats = (reader: Reader): ((events: readonly FieldsOf[]) => Row[]) => {
  const figures = reader.list(() => readFigure(reader));
  const by = reader.accept("by") ? reader.list(() => reader.word("a field")) : [];
  return (events) => {
    const groups = new Map<string, FieldsOf[]>();
    for (const fields of events) {
      const key = JSON.stringify(by.map((field) => fields(field) ?? ""));
      groups.set(key, [...(groups.get(key) ?? []), fields]);
    }
    return [...groups.values()].map((members) => {
      const [first] = members;
      const cells = [
        ...by.map((field) => [field, first?.(field)] as const),
        ...figures.map(({ name, of }) => [name, of(members)] as const),
      ];
      return new Map(cells.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const])));
    });
  };
};
