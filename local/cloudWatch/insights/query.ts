import { invalid, unsupported } from "../refused";
import { type Condition, compare, readCondition } from "./condition";
import type { FieldsOf } from "./fields";
import { type Row, readStats } from "./stats";
import { Reader, tokenize } from "./tokens";

export interface Found {
  rows: Row[];
  /** How many events the filters let through. */
  matched: number;
}

export type Query = (events: Iterable<FieldsOf>) => Found;

interface Sorting {
  field: string;
  descending: boolean;
}

interface Read {
  filters: Condition[];
  fields: string[];
  stats: ((events: readonly FieldsOf[]) => Row[]) | undefined;
  sort: Sorting[];
  limit: number;
}

/** As many as an answer has at most. */
export const mostRows = 10_000;

/** What each command adds to what is known of the query so far. */
const commands: Record<string, (reader: Reader, read: Read) => Read> = {
  fields: (reader, read) => ({ ...read, fields: [...read.fields, ...reader.list(() => reader.word("a field"))] }),
  filter: (reader, read) => {
    if (read.stats) throw unsupported("a filter after stats in a query");
    return { ...read, filters: [...read.filters, readCondition(reader)] };
  },
  stats: (reader, read) => {
    if (read.stats) throw unsupported("a second stats in a query");
    return { ...read, stats: readStats(reader) };
  },
  sort: (reader, read) => ({
    ...read,
    sort: reader.list(() => {
      const field = reader.word("a field");
      if (reader.accept("asc")) return { field, descending: false };
      if (reader.accept("desc")) return { field, descending: true };
      throw unsupported("a sort without asc or desc in a query");
    }),
  }),
  limit: (reader, read) => {
    const limit = reader.number("a number of rows");
    if (limit < 1 || limit > mostRows) throw invalid(`a query's limit is from 1 to ${mostRows}`);
    return { ...read, limit };
  },
};

const read = (text: string): Read => {
  const reader = new Reader(tokenize(text));
  let so: Read = { filters: [], fields: [], stats: undefined, sort: [], limit: mostRows };
  do {
    const name = reader.word("a command").toLowerCase();
    const command = commands[name];
    if (!command) throw unsupported(`the command ${name} in a query`);
    so = command(reader, so);
  } while (reader.accept("|"));
  const rest = reader.peek();
  if (rest.kind !== "end") throw unsupported(`${rest.text} at its place in a query`);
  return so;
};

const newestFirst: readonly Sorting[] = [{ field: "@timestamp", descending: true }];

const sorted = <T>(items: readonly T[], sort: readonly Sorting[], cell: (item: T, field: string) => string) =>
  [...items].sort((one, other) => {
    for (const { field, descending } of sort) {
      const order = compare(cell(one, field), cell(other, field));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });

const rowOf = (fields: FieldsOf, names: readonly string[]): Row =>
  new Map(
    [...names, "@ptr"].flatMap((name) => {
      const value = fields(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/** Reads a query of Logs Insights: fields, filter, stats, sort and limit. Anything else is refused by name. */
export const readQuery = (text: string): Query => {
  const { filters, fields: named, stats, sort, limit } = read(text);
  const shown = named.length > 0 ? named : ["@timestamp", "@message"];
  return (events) => {
    const matching = [...events].filter((fields) => filters.every((filter) => filter(fields)));
    const rows = stats
      ? sorted(stats(matching), sort, (row, field) => row.get(field) ?? "")
      : sorted(matching, sort.length > 0 ? sort : newestFirst, (fields, field) => fields(field) ?? "")
          .slice(0, limit)
          .map((fields) => rowOf(fields, shown));
    return { rows: rows.slice(0, limit), matched: matching.length };
  };
};
