/** Why an expression is not a schedule. */
export class InvalidSchedule extends Error {
  override name = "InvalidSchedule";
}

export interface Field {
  readonly title: string;
  readonly min: number;
  readonly max: number;
  /** Names that stand for `min` and the numbers after it. */
  readonly names?: readonly string[];
  readonly steps: boolean;
}

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const weekdays = "SUN MON TUE WED THU FRI SAT".split(" ");

export const fields = {
  minutes: { title: "minutes", min: 0, max: 59, steps: true },
  hours: { title: "hours", min: 0, max: 23, steps: true },
  dayOfMonth: { title: "day-of-month", min: 1, max: 31, steps: true },
  month: { title: "month", min: 1, max: 12, names: months, steps: true },
  dayOfWeek: { title: "day-of-week", min: 1, max: 7, names: weekdays, steps: false },
  year: { title: "year", min: 1970, max: 2199, steps: true },
} as const satisfies Record<string, Field>;

/** Reads one number or name of the field. */
export const parseValue = (text: string, { title, min, max, names }: Field): number => {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return min + named;
  if (!/^\d+$/.test(text)) throw new InvalidSchedule(`The ${title} field does not know ${text || "an empty value"}`);
  const value = Number(text);
  if (value < min || value > max) {
    throw new InvalidSchedule(`The ${title} field goes from ${min} to ${max}, not to ${text}`);
  }
  return value;
};

const parseStep = (text: string, { title, max, steps }: Field): number => {
  if (!steps) throw new InvalidSchedule(`The ${title} field takes no step`);
  const step = /^\d+$/.test(text) ? Number(text) : 0;
  if (step < 1 || step > max) throw new InvalidSchedule(`The ${title} field has a step of ${text}`);
  return step;
};

const parsePart = (part: string, field: Field): number[] => {
  const [range = "", stepText, ...more] = part.split("/");
  const [from = "", to, ...others] = range.split("-");
  if (more.length > 0 || others.length > 0) throw new InvalidSchedule(`The ${field.title} field has ${part}`);
  const step = stepText === undefined ? undefined : parseStep(stepText, field);
  const everything = range === "*";
  const first = everything ? field.min : parseValue(from, field);
  const openEnd = everything || (to === undefined && step !== undefined);
  const last = openEnd ? field.max : parseValue(to ?? from, field);
  if (last < first) throw new InvalidSchedule(`The ${field.title} field has the range ${range}, which runs backwards`);
  return Array.from(
    { length: Math.floor((last - first) / (step ?? 1)) + 1 },
    (_, index) => first + index * (step ?? 1),
  );
};

/** Reads numbers, names, ranges, steps and lists of them, as the sorted values they allow. */
export const parseField = (text: string, field: Field): readonly number[] =>
  [...new Set(text.split(",").flatMap((part) => parsePart(part, field)))].sort((one, other) => one - other);
