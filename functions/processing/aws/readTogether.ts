import type { Run } from "../consume/run";
import { limits } from "../limits";
import { type Key, readMany } from "./readMany";
import { gathered, loads, type Waiting } from "./together";

type Row = Record<string, unknown>;

interface Reading {
  table: string;
  keys: readonly Key[];
  attributes: readonly string[] | undefined;
  run: Run;
}

const named = (names: readonly string[], row: Row): string => JSON.stringify(names.map((name) => row[name]));

/** What several want to know of a table, in one call; each gets the rows of its own keys. */
const readLoad = async (load: readonly Waiting<Reading, Row[]>[]): Promise<void> => {
  const [first] = load;
  if (!first) return;
  const { table, attributes, run } = first.asked;
  const names = Object.keys(first.asked.keys[0] ?? {});
  const keys = new Map(load.flatMap(({ asked }) => asked.keys.map((key) => [named(names, key), key] as const)));
  try {
    const wanted = attributes && [...new Set([...names, ...attributes])];
    const rows = await readMany(table, [...keys.values()], wanted, run, { consistent: true });
    const found = new Map(rows.map((row) => [named(names, row), row]));
    for (const { asked, resolve } of load) {
      resolve(asked.keys.map((key) => found.get(named(names, key))).filter((row) => row !== undefined));
    }
  } catch (error) {
    for (const { reject } of load) reject(error);
  }
};

const kindOf = ({ asked: { table, attributes } }: Waiting<Reading, Row[]>): string =>
  JSON.stringify([table, attributes]);

const ask = gathered<Reading, Row[]>((waiting) => {
  for (const all of Map.groupBy(waiting, kindOf).values()) {
    for (const load of loads(all, ({ asked }) => [asked.keys.length], [limits.batchGetItems])) void readLoad(load);
  }
});

/**
 * Reads rows by their keys, as they are now. What is asked of one table side by side goes in one call: the first of those
 * who ask tells of it, and what it fails of, all of them fail of. Rows also have their keys.
 */
export const readTogether = async (
  table: string,
  keys: readonly Key[],
  /** Undefined for all of them. */
  attributes: readonly string[] | undefined,
  run: Run,
): Promise<Row[]> => (keys.length === 0 ? [] : ask({ table, keys, attributes, run }));
