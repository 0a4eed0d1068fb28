import { dayOf } from "../day";
import { type DataType, dataTypes } from "../fundamentals/dataTypes";
import type { TypeState } from "../state/assetState";
import type { Status } from "../state/status";

/** What planning reads of a company's processing state. */
export interface StateView {
  status: Status;
  types: Partial<Record<DataType, Pick<TypeState, "status" | "requested_at" | "stored_at">>>;
}

const hourMs = 3_600_000;

/** How long what was stored counts as fresh. */
export const freshForMs: Record<DataType, number> = {
  company_overview: 24 * hourMs,
  earnings: 24 * hourMs,
  income_statement: 24 * hourMs,
  balance_sheet: 24 * hourMs,
  cash_flow: 24 * hourMs,
};

/**
 * What a round asked for is stored up to hours later. So that the next day's round at the same hour may have it again, this
 * long before it is stale it counts as soon stale.
 */
export const soonForMs = 4 * hourMs;

type Stored = Pick<StateView, "types"> | undefined;

/** A moment of the state in milliseconds; one that cannot be read is as good as none. */
export const momentOf = (iso: string | undefined): number | undefined => {
  const moment = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(moment) ? undefined : moment;
};

/**
 * Types that lack the latest: never stored, or stored before a report of the company came out. The calendar knows the day
 * of a report and not its hour: what was stored on that very day counts as older from the next day on.
 */
export const outdatedTypes = (state: Stored, reportDays: readonly string[], now: number): DataType[] => {
  const today = dayOf(now);
  const out = reportDays.filter((day) => day <= today);
  return dataTypes.filter((type) => {
    const storedAt = momentOf(state?.types[type]?.stored_at);
    if (storedAt === undefined) return true;
    const storedOn = dayOf(storedAt);
    return storedOn < today && out.some((day) => storedOn <= day);
  });
};

const staleWithin = (ms: number) => {
  return (state: Stored, reportDays: readonly string[], now: number): DataType[] => {
    const outdated = outdatedTypes(state, reportDays, now);
    return dataTypes.filter((type) => {
      const storedAt = momentOf(state?.types[type]?.stored_at) ?? now;
      return outdated.includes(type) || now - storedAt >= freshForMs[type] - ms;
    });
  };
};

/** Types that are to be fetched: those that lack the latest, and those that are too old. */
export const staleTypes = staleWithin(0);

/** Types that may be fetched: those that are stale, or soon will be. */
export const dueTypes = staleWithin(soonForMs);
