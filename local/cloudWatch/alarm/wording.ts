const pad = (value: number): string => String(value).padStart(2, "0");

/** As in "5.0" and "1.5E7": CloudWatch writes numbers as Java does. */
export const javaNumber = (value: number): string => {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = "", power = ""] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(power)}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
};

/** As in 28/09/26 16:05:00. */
export const shortTime = (ms: number): string => {
  const at = new Date(ms);
  const day = [at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCFullYear() % 100].map(pad).join("/");
  return `${day} ${[at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(pad).join(":")}`;
};

/** As in 2026-09-28T16:05:00.123+0000. */
export const longTime = (ms: number): string => new Date(ms).toISOString().replace("Z", "+0000");

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const wasOrWere = (count: number): string => (count === 1 ? "was" : "were");
