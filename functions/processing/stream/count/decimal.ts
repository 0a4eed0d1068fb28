/**
 * A number as its producer wrote it, in decimal: sums of these are exact, and the same in whatever order they are made.
 * Its value is `digits` × 10^-`scale`.
 */
export interface Decimal {
  digits: bigint;
  scale: number;
}

export const zero: Decimal = { digits: 0n, scale: 0 };

const form = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

export const parseDecimal = (text: string): Decimal => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = form.exec(text) ?? [];
  if (whole === "") throw new RangeError(`${text} is not a decimal`);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
};

/** JavaScript's own spelling is the shortest that means this very number: what the producer wrote. */
export const toDecimal = (value: number): Decimal =>
  Number.isSafeInteger(value) ? { digits: BigInt(value), scale: 0 } : parseDecimal(String(value));

const at = ({ digits, scale }: Decimal, wanted: number): bigint => digits * 10n ** BigInt(wanted - scale);

export const add = (a: Decimal, b: Decimal): Decimal => {
  // Nearly always: producers write their values in one way.
  if (a.scale === b.scale) return { digits: a.digits + b.digits, scale: a.scale };
  const scale = Math.max(a.scale, b.scale);
  return { digits: at(a, scale) + at(b, scale), scale };
};

export const multiply = (a: Decimal, b: Decimal): Decimal => ({
  digits: a.digits * b.digits,
  scale: a.scale + b.scale,
});

/** Without zeros that say nothing, so that equal numbers read the same. */
export const formatDecimal = ({ digits, scale }: Decimal): string => {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, "");
  return `${sign}${whole}${fraction ? `.${fraction}` : ""}`.replace(/^-0$/, "0");
};
