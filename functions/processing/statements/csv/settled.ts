import { isCurrency } from "../../ledger/money";
import { readNumeral } from "../amount";
import { plain } from "../text";
import type { Columns } from "./columns";
import { directionOf } from "./direction";
import { rankOf } from "./headers";

interface Below {
  headings: readonly string[];
  rows: readonly { cells: readonly string[] }[];
}

const cellsOf = ({ rows }: Below, at: number): string[] => rows.map(({ cells }) => (cells[at] ?? "").trim());

/** Words that mean one thing above one bank's columns and another above another's. */
const withoutMistaken = (columns: Columns, below: Below): Columns => {
  const { currency, direction, ...others } = columns;
  const mostly = (at: number | undefined, is: (cell: string) => boolean): at is number =>
    at !== undefined && cellsOf(below, at).filter(is).length > below.rows.length / 2;
  return {
    ...others,
    ...(mostly(currency, isCurrency) && { currency }),
    ...(mostly(direction, (cell) => directionOf(cell) !== undefined) && { direction }),
  };
};

/** A heading that may stand for it needs only one way to be seen below it, any other needs both. */
const saysDirection = (at: number, below: Below): boolean => {
  const said = cellsOf(below, at)
    .filter((cell) => cell !== "")
    .map(directionOf);
  const ways = new Set(said);
  const heading = below.headings[at] ?? "";
  const fewest = plain(heading) === "" || rankOf("direction", heading) !== undefined ? 1 : 2;
  return !ways.has(undefined) && ways.size >= fewest;
};

/** Money without any sign would all be income: the column that says which way it went, under whatever heading. */
const withDirection = (columns: Columns, below: Below): Columns => {
  const { amount, description, direction } = columns;
  if (amount === undefined || direction !== undefined) return columns;
  if (cellsOf(below, amount).some((cell) => readNumeral(cell)?.negative !== undefined)) return columns;
  const used = new Set(Object.values(columns));
  const found = below.headings.findIndex(
    (heading, at) =>
      (!used.has(at) || (at === description && rankOf("direction", heading) !== undefined)) && saysDirection(at, below),
  );
  if (found === -1) return columns;
  const { description: _, ...others } = columns;
  return { ...(found === description ? others : columns), direction: found };
};

/** The columns that headings name, as what stands below them bears it out. */
export const settledColumns = (columns: Columns, below: Below): Columns =>
  withDirection(withoutMistaken(columns, below), below);
