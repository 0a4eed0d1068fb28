import { dayOf, newYorkDayOf } from "../days";

export interface LimitOptions {
  now: () => number;
  /** @default 1 */
  perSecond?: number | undefined;
  /** @default 25 */
  perDay?: number | undefined;
  /** At whose midnight the day's count begins anew. @default "America/New_York" */
  dayEndsIn?: "America/New_York" | "UTC" | undefined;
}

export interface Limits {
  /** Which limit a call with this key would break now. */
  full: (key: string) => "burst" | "spent" | undefined;
  count: (key: string) => void;
}

/** Calls that left a second apart may arrive a little closer together. */
const second = 950;

export const createLimits = ({
  now,
  perSecond = 1,
  perDay = 25,
  dayEndsIn = "America/New_York",
}: LimitOptions): Limits => {
  const today = dayEndsIn === "UTC" ? dayOf : newYorkDayOf;
  const days = new Map<string, { day: string; calls: number }>();
  const latest = new Map<string, number[]>();
  const callsToday = (key: string): number => {
    const day = days.get(key);
    return day?.day === today(now()) ? day.calls : 0;
  };
  const within = (key: string): number[] => (latest.get(key) ?? []).filter((at) => Math.abs(now() - at) < second);
  return {
    full: (key) => {
      if (callsToday(key) >= perDay) return "spent";
      return within(key).length >= perSecond ? "burst" : undefined;
    },
    count: (key) => {
      days.set(key, { day: today(now()), calls: callsToday(key) + 1 });
      latest.set(key, [...within(key), now()]);
    },
  };
};
