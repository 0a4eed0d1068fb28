/** What providers write where they have no number or text. It never means 0. */
const absent: ReadonlySet<unknown> = new Set([undefined, null, "", "-", "None"]);

export const isAbsent = (value: unknown): boolean => absent.has(value);

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

/** Nearer to 0 than this, the store has no numbers. */
const smallest = 1e-100;

/** The store keeps whole numbers exactly up to here; what is beyond is no figure of a company. */
const isStorable = (value: number): boolean =>
  value === 0 || (Math.abs(value) >= smallest && Math.abs(value) <= Number.MAX_SAFE_INTEGER);

/** A number, written as one or as text; undefined where there is none, NaN where what stands there is not a number. */
export const numberIn = (value: unknown): number | undefined => {
  if (isAbsent(value)) return undefined;
  let number = Number.NaN;
  if (typeof value === "number") number = value;
  else if (typeof value === "string" && numeral.test(value)) number = Number(value);
  return isStorable(number) ? number : Number.NaN;
};
