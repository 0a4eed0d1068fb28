/** The provider does not say whose midnight ends its day, so that a call counts in both of these. */
export const zones = ["utc", "new_york"] as const;
export type Zone = (typeof zones)[number];

const hourMs = 3_600_000;
export const utcDayMs = 24 * hourMs;
/** The day on which summer time ends. */
const longestDayMs = 25 * hourMs;

const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** New York is so many hours behind in summer, and in winter. */
const behind = [4, 5] as const;

let newYork: Intl.DateTimeFormat | undefined;

const asked = (at: number): string => {
  newYork ??= new Intl.DateTimeFormat("en-US", {
    timeZone: "America/New_York",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const parts = Object.fromEntries(newYork.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
};

/** Only in one hour of a day does it matter which it is: who is asked then takes a good part of a function's start to load. */
const newYorkDay = (at: number): string => {
  const [summer, winter] = behind.map((hours) => utcDay(at - hours * hourMs));
  return summer !== undefined && summer === winter ? summer : asked(at);
};

/** The day of a zone to which a moment belongs, as YYYY-MM-DD. */
export const dayOf = (zone: Zone, at: number): string => (zone === "utc" ? utcDay(at) : newYorkDay(at));

export const startOfUtcDay = (at: number): number => Math.floor(at / utcDayMs) * utcDayMs;

/** The first moment of the day. */
export const startOfDay = (zone: Zone, at: number): number => {
  if (zone === "utc") return startOfUtcDay(at);
  // Some moment of the day before.
  const before = at - longestDayMs;
  const end = endOfDay(zone, before);
  return dayOf(zone, end) === dayOf(zone, at) ? end : endOfDay(zone, end);
};

/** The first moment of the next day. Days in New York have 23, 24 or 25 hours: it is looked for, not reckoned. */
export const endOfDay = (zone: Zone, at: number): number => {
  if (zone === "utc") return startOfUtcDay(at) + utcDayMs;
  const today = newYorkDay(at);
  let [within, beyond] = [at, at + longestDayMs];
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if (newYorkDay(middle) === today) within = middle;
    else beyond = middle;
  }
  return beyond;
};
