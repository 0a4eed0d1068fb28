import * as v from "valibot";
import { dayOf, endOfDay, startOfUtcDay, utcDayMs, type Zone, zones } from "./days";
import type { CallLimits } from "./limits";

const counts = v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)));
const days = v.record(v.string(), counts);

/** What has been spent of a provider's calls: by day and job, in either zone. */
export const ledgerSchema = v.object({
  /** The earliest moment of the next call. It never goes back before a call that was granted, whatever a clock says. */
  next_call_at: v.number(),
  closed_until: v.number(),
  utc: days,
  new_york: days,
  /** The younger grants by id, each with the moment of its call: those that can still be given back. */
  open: v.record(v.string(), v.number()),
});

export type Ledger = v.InferOutput<typeof ledgerSchema>;

export const emptyLedger: Ledger = { next_call_at: 0, closed_until: 0, utc: {}, new_york: {}, open: {} };

/** `closed`: the provider has refused further calls. `day`: all are spent. `allotment`: the job has had its share so far. */
export type Reason = "closed" | "day" | "allotment";

export type Taking =
  | { granted: true; at: number; ledger: Ledger }
  | { granted: false; reason: Reason; until: number; ledger: Ledger };

/** From its moment on, a call reaches the provider within this time. Close to midnight it counts in both days. */
const longestCallMs = 60_000;
/** Longer than any function holds a call that it has not made. */
const openMs = 120_000;
/** A week to report from; of New York's days only those in which a call can still count. */
const keptDays: Record<Zone, number> = { utc: 7, new_york: 2 };
/** Jobs whose calls become due one by one through the UTC day, so that the evening has some too. */
const gradual: ReadonlySet<string> = new Set(["news"]);

interface Place {
  zone: Zone;
  day: string;
  moment: number;
}

/** The days in which a call may count. */
const placesOf = (at: number): Place[] =>
  zones.flatMap((zone) => {
    const latest = at + longestCallMs;
    const moments = dayOf(zone, at) === dayOf(zone, latest) ? [at] : [at, latest];
    return moments.map((moment) => ({ zone, day: dayOf(zone, moment), moment }));
  });

const countsOf = (ledger: Ledger, { zone, day }: Place) => ledger[zone][day] ?? {};

const usedBy = (ledger: Ledger, place: Place, job: string): number => countsOf(ledger, place)[job] ?? 0;

const dayRoom = (ledger: Ledger, place: Place, limits: CallLimits<string>): number =>
  limits.perDay - Object.values(countsOf(ledger, place)).reduce((sum, count) => sum + count, 0);

const allotmentOf = (job: string, limits: CallLimits<string>): number => limits.allotments[job] ?? 0;

const comesDue = (place: Place, job: string): boolean => place.zone === "utc" && gradual.has(job);

const jobRoom = (ledger: Ledger, place: Place, job: string, limits: CallLimits<string>): number => {
  const allotment = allotmentOf(job, limits);
  const soFar = Math.floor(((place.moment - startOfUtcDay(place.moment)) * allotment) / utcDayMs) + 1;
  return (comesDue(place, job) ? Math.min(allotment, soFar) : allotment) - usedBy(ledger, place, job);
};

/** When a job that has had its share at this place gets more. */
const nextShare = (ledger: Ledger, place: Place, job: string, limits: CallLimits<string>): number => {
  const [allotment, used] = [allotmentOf(job, limits), usedBy(ledger, place, job)];
  return comesDue(place, job) && used < allotment
    ? startOfUtcDay(place.moment) + Math.ceil((used * utcDayMs) / allotment)
    : endOfDay(place.zone, place.moment);
};

interface Obstacle {
  reason: Reason;
  until: number;
}

/** All that stands against a call at this moment, the gravest first. */
const obstacles = (ledger: Ledger, at: number, job: string, limits: CallLimits<string>): Obstacle[] => {
  const places = placesOf(at);
  const closed: Obstacle[] = ledger.closed_until > at ? [{ reason: "closed", until: ledger.closed_until }] : [];
  const full = places.filter((place) => dayRoom(ledger, place, limits) <= 0);
  const short = places.filter((place) => jobRoom(ledger, place, job, limits) <= 0);
  return [
    ...closed,
    ...full.map((place): Obstacle => ({ reason: "day", until: endOfDay(place.zone, place.moment) })),
    ...short.map((place): Obstacle => ({ reason: "allotment", until: nextShare(ledger, place, job, limits) })),
  ];
};

const intervalMs = ({ perSecond }: CallLimits<string>): number => Math.ceil(1_000 / perSecond);

const callAt = (ledger: Ledger, now: number): number => Math.max(now, ledger.next_call_at);

const counted = (ledger: Ledger, at: number, job: string, by: 1 | -1): Ledger => {
  const places = placesOf(at);
  const daysIn = (zone: Zone): Ledger[Zone] => {
    const days = { ...ledger[zone] };
    for (const place of places.filter((one) => one.zone === zone)) {
      days[place.day] = { ...countsOf(ledger, place), [job]: usedBy(ledger, place, job) + by };
    }
    const newestFirst = Object.entries(days).sort(([a], [b]) => (a < b ? 1 : -1));
    return Object.fromEntries(newestFirst.slice(0, keptDays[zone]));
  };
  return { ...ledger, utc: daysIn("utc"), new_york: daysIn("new_york") };
};

/** Grants a call to whoever asks under this id, or says what stands against it. Asked again, the answer is the same. */
export const take = (ledger: Ledger, now: number, job: string, limits: CallLimits<string>, grantId: string): Taking => {
  const granted = ledger.open[grantId];
  if (granted !== undefined) return { granted: true, at: granted, ledger };
  const at = callAt(ledger, now);
  const against = obstacles(ledger, at, job, limits);
  const [gravest] = against;
  if (gravest) {
    return { granted: false, reason: gravest.reason, until: Math.max(...against.map(({ until }) => until)), ledger };
  }
  const open = Object.fromEntries(Object.entries(ledger.open).filter(([, moment]) => moment > now - openMs));
  return {
    granted: true,
    at,
    ledger: { ...counted(ledger, at, job, 1), next_call_at: at + intervalMs(limits), open: { ...open, [grantId]: at } },
  };
};

/** Undoes a grant whose call was never made. One that is not open any more counts as made. */
export const giveBack = (ledger: Ledger, job: string, limits: CallLimits<string>, grantId: string): Ledger => {
  const { [grantId]: at, ...open } = ledger.open;
  if (at === undefined) return ledger;
  const wasLast = ledger.next_call_at === at + intervalMs(limits);
  return { ...counted(ledger, at, job, -1), next_call_at: wasLast ? at : ledger.next_call_at, open };
};

/**
 * Has another job pay for a call that was made, as far as that has any left: the day's total stays. Done once, the call is
 * not open any more.
 */
export const passOn = (
  ledger: Ledger,
  job: string,
  payer: string,
  limits: CallLimits<string>,
  grantId: string,
): Ledger => {
  const { [grantId]: at, ...open } = ledger.open;
  if (at === undefined || placesOf(at).some((place) => jobRoom(ledger, place, payer, limits) <= 0)) return ledger;
  return { ...counted(counted(ledger, at, job, -1), at, payer, 1), open };
};

/** No call more before both zones have a new day: which of them the provider goes by is not known. */
export const closeDay = (ledger: Ledger, now: number): Ledger => {
  const until = Math.max(...zones.map((zone) => endOfDay(zone, now)));
  return until > ledger.closed_until ? { ...ledger, closed_until: until } : ledger;
};

/** The provider wants to be left alone until then: nobody's turn comes before. */
export const pauseUntil = (ledger: Ledger, until: number): Ledger =>
  until > ledger.next_call_at ? { ...ledger, next_call_at: until } : ledger;

/** How many calls a job may make as things stand. */
export const remaining = (ledger: Ledger, now: number, job: string, limits: CallLimits<string>): number => {
  const at = callAt(ledger, now);
  if (ledger.closed_until > at) return 0;
  const rooms = placesOf(at).flatMap((place) => [dayRoom(ledger, place, limits), jobRoom(ledger, place, job, limits)]);
  return Math.max(0, Math.min(...rooms));
};
