import type { Transaction } from "../ledger/transaction";

/** What the computations read of a transaction. */
export type Counted = Pick<Transaction, "date" | "amount" | "currency" | "categoryId">;

/** Money that was added up; null where it cannot be computed: it is more than a number can hold exactly. */
export type Total = number | null;

/** Adds money without ever losing a cent. */
export const plus = (a: Total, b: Total): Total => {
  if (a === null || b === null) return null;
  const sum = a + b;
  return Number.isSafeInteger(sum) ? sum : null;
};

export const minus = (a: Total, b: Total): Total => plus(a, b === null ? null : -b);

export const monthOf = (date: string): string => date.slice(0, 7);

/** The month that lies so many months after this one, or before it. */
export const monthAfter = (month: string, count: number): string => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const at = year * 12 + number - 1 + count;
  return `${String(Math.floor(at / 12)).padStart(4, "0")}-${String((at % 12) + 1).padStart(2, "0")}`;
};

/** The given number of months up to and with this one, oldest first. */
export const monthsUpTo = (month: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => monthAfter(month, at - count + 1));

/** Half a unit goes away from zero, as people round; each share of money is a whole number of its smallest unit. */
export const divided = (total: Total, by: number): Total =>
  total === null ? null : Math.sign(total) * Math.round(Math.abs(total) / by);

/** Groups, with the keys in order. */
export const grouped = <Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, Item[]][] => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
};
