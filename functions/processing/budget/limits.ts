import { env } from "../environment";
import { Failure } from "../failure";

/** What AlphaVantage's calls are spent on. */
export type Job = "calendar" | "news" | "fundamentals";

/**
 * Whose share pays for a call that failed, so that the next try finds one. News needs nobody's: its next call asks for all
 * since the last that was answered.
 */
export const payers: Readonly<Record<string, Job>> = { calendar: "fundamentals" };

/** What a provider allows, and how much of a day's calls each job may have. */
export interface CallLimits<J extends string = Job> {
  perSecond: number;
  perDay: number;
  allotments: Record<J, number>;
}

const count = (name: string): number => {
  const value = Number(env(name));
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Failure("permanent", `environment variable ${name} must be a whole number`);
};

const rate = (name: string): number => {
  const value = Number(env(name));
  if (Number.isFinite(value) && value > 0) return value;
  throw new Failure("permanent", `environment variable ${name} must be a number above 0`);
};

export const limitsFromEnvironment = (): CallLimits => {
  const perDay = count("ALPHA_VANTAGE_PER_DAY");
  const calendar = count("ALPHA_VANTAGE_CALENDAR_CALLS");
  const news = count("ALPHA_VANTAGE_NEWS_CALLS");
  const fundamentals = perDay - calendar - news;
  if (fundamentals < 0) {
    throw new Failure(
      "permanent",
      "ALPHA_VANTAGE_CALENDAR_CALLS and ALPHA_VANTAGE_NEWS_CALLS must fit ALPHA_VANTAGE_PER_DAY together",
    );
  }
  return { perSecond: rate("ALPHA_VANTAGE_PER_SECOND"), perDay, allotments: { calendar, news, fundamentals } };
};

/** Alpaca counts by the minute only; evenly spaced, no minute has more. */
export const alpacaLimits = (): CallLimits<"assets"> => ({
  perSecond: rate("ALPACA_PER_MINUTE") / 60,
  perDay: Number.POSITIVE_INFINITY,
  allotments: { assets: Number.POSITIVE_INFINITY },
});
