import { invalidRequest } from "./errors";
import { parseCron } from "./schedule/cron";
import { InvalidSchedule } from "./schedule/field";

export interface Schedule {
  /** The first time strictly after `after`, both in epoch ms; undefined if there is none. */
  next(after: number): number | undefined;
}

const minute = 60_000;
const unitLength: Readonly<Record<string, number>> = { minute, hour: 60 * minute, day: 1440 * minute };
const maxLength = 256;

const parseRate = (count: string, unit: string, plural: string, createdAt: number): Schedule => {
  const times = Number(count);
  const period = times * (unitLength[unit] ?? 0);
  if (times < 1) throw new InvalidSchedule("A rate must be at least 1");
  if (!Number.isSafeInteger(period)) throw new InvalidSchedule(`A rate of ${count} ${unit}s is too long`);
  if ((times === 1) !== (plural === "")) {
    throw new InvalidSchedule(`${count} goes with ${times === 1 ? unit : `${unit}s`}, not with ${unit}${plural}`);
  }
  return {
    next: (after) => createdAt + Math.max(1, Math.floor((after - createdAt) / period) + 1) * period,
  };
};

const parse = (expression: string, createdAt: number): Schedule => {
  if (expression.length > maxLength) throw new InvalidSchedule(`It is longer than ${maxLength} characters`);
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) {
    const [, count = "", unit = "", plural = ""] = rate;
    return parseRate(count, unit, plural, createdAt);
  }
  const cron = /^cron\((.*)\)$/.exec(expression);
  if (cron) return parseCron((cron[1] ?? "").trim().split(/\s+/));
  throw new InvalidSchedule(`${expression} is neither rate(value unit) nor cron(six fields)`);
};

/** Reads an AWS schedule expression, in UTC. A rate counts from `createdAt`, when its rule was made. */
export const parseSchedule = (expression: string, createdAt = 0): Schedule => {
  try {
    return parse(expression, createdAt);
  } catch (error) {
    if (!(error instanceof InvalidSchedule)) throw error;
    throw invalidRequest(`Parameter ScheduleExpression is not valid. ${error.message}.`);
  }
};
