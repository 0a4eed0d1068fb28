import { notHere, refuse } from "../errors";
import type { Span } from "./field";

/** The milliseconds that a text names; undefined where it is none of this format. */
type Format = (text: string) => Span | undefined;

type Part = "year" | "month" | "day" | "hour" | "minute" | "second" | "fraction" | "zone";
type Parts = Partial<Record<Part, string | undefined>>;

const offsetMs = (zone: string | undefined): number => {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? "") ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
};

/** From the first to the last millisecond of what the parts leave open. */
const spanOf = (parts: Parts): Span | undefined => {
  const { year, month, day, hour, minute, second, fraction, zone } = parts;
  const given = [year, month, day, hour, minute, second].map((part) => (part === undefined ? undefined : Number(part)));
  const [y = 1970, m = 1, d = 1, h = 0, min = 0, s = 0] = given;
  const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1_000);
  const start = new Date(Date.UTC(y, m - 1, d, h, min, s, ms));
  const real = start.getUTCMonth() === m - 1 && start.getUTCDate() === d && h < 24 && min < 60 && s < 60;
  if (!real) return undefined;
  const count = fraction === undefined ? given.filter((part) => part !== undefined).length : 7;
  const next = [y, m - 1, d, h, min, s, ms];
  next[count - 1] = (next[count - 1] ?? 0) + 1;
  const [ny = 0, ...rest] = next;
  const end = Date.UTC(ny, ...(rest as [number]));
  return { from: start.getTime() - offsetMs(zone), to: end - 1 - offsetMs(zone) };
};

const iso =
  /^(?<year>\d{4})(?:-(?<month>\d\d)(?:-(?<day>\d\d)(?:T(?<hour>\d\d)(?::(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?)?(?<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?$/;

const isoWith =
  (needed: readonly Part[], allowed: readonly Part[]): Format =>
  (text) => {
    const parts: Parts | undefined = iso.exec(text)?.groups;
    if (!parts || needed.some((part) => parts[part] === undefined)) return undefined;
    const stranger = Object.entries(parts).some(
      ([part, value]) => value !== undefined && !allowed.includes(part as Part),
    );
    return stranger ? undefined : spanOf(parts);
  };

const epoch =
  (unit: number): Format =>
  (text) => {
    if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
    const from = Math.floor(Number(text) * unit);
    return { from, to: from };
  };

const dayParts: Part[] = ["year", "month", "day"];
const toSeconds: Part[] = [...dayParts, "hour", "minute", "second", "zone"];
const named: Readonly<Record<string, Format>> = {
  strict_date_optional_time: isoWith(["year"], [...toSeconds, "fraction"]),
  strict_date_time: isoWith([...toSeconds, "fraction"], [...toSeconds, "fraction"]),
  strict_date_time_no_millis: isoWith(toSeconds, toSeconds),
  strict_date: isoWith(dayParts, dayParts),
  epoch_millis: epoch(1),
  epoch_second: epoch(1_000),
};

/** What the letters of a pattern stand for, as expressions. */
const letters: Readonly<Record<string, string>> = {
  yyyy: "(?<year>\\d{4})",
  uuuu: "(?<year>\\d{4})",
  MM: "(?<month>\\d\\d)",
  dd: "(?<day>\\d\\d)",
  HH: "(?<hour>\\d\\d)",
  mm: "(?<minute>\\d\\d)",
  ss: "(?<second>\\d\\d)",
  SSS: "(?<fraction>\\d{3})",
  X: "(?<zone>Z|[+-]\\d\\d)",
  XXX: "(?<zone>Z|[+-]\\d\\d:\\d\\d)",
};

const escaped = (text: string): string => text.replace(/[^\w\s]/g, "\\$&");

const patterned = (pattern: string): Format => {
  const expression = pattern.replace(/'([^']*)'|([A-Za-z])\2*|[^A-Za-z]/g, (part, quoted: string | undefined) => {
    if (quoted !== undefined) return escaped(quoted);
    if (!/[A-Za-z]/.test(part)) return escaped(part);
    const known = letters[part];
    if (known === undefined) throw notHere(`the date format [${pattern}]`);
    return known;
  });
  const compiled = new RegExp(`^${expression}$`);
  return (text) => {
    const parts: Parts | undefined = compiled.exec(text)?.groups;
    return parts && spanOf(parts);
  };
};

export const defaultDateFormat = "strict_date_time_no_millis||strict_date_optional_time||epoch_millis";

const compiled = new Map<string, Format[]>();

const formatsOf = (format: string): Format[] => {
  const known = compiled.get(format);
  if (known) return known;
  const made = format.split("||").map((one) => named[one] ?? patterned(one));
  compiled.set(format, made);
  return made;
};

export const checkDateFormat = (format: string): void => void formatsOf(format);

export const readDate = (value: unknown, format: string): Span => {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  for (const one of text === undefined ? [] : formatsOf(format)) {
    const span = one(text as string);
    if (span) return span;
  }
  throw refuse({
    type: "illegal_argument_exception",
    reason: `failed to parse date field [${text ?? JSON.stringify(value)}] with format [${format}]`,
    caused_by: { type: "date_time_parse_exception", reason: "Failed to parse with all enclosed parsers" },
  });
};
