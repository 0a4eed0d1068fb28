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

/**
 * How long what was stored counts as fresh. Shorter than a day: what a round asked for is stored up to hours later, and the
 * next day's round at the same hour must find it stale.
 */
export const freshForMs: Record<DataType, number> = {
  company_overview: 20 * hourMs,
  earnings: 20 * hourMs,
  income_statement: 20 * hourMs,
  balance_sheet: 20 * hourMs,
  cash_flow: 20 * hourMs,
};

/** A moment of the state in milliseconds; one that cannot be read is as good as none. */
export const momentOf = (iso: string | undefined): number | undefined => {
  const moment = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(moment) ? undefined : moment;
};

/**
 * Types that are to be fetched: never stored, too old, or stored before a report of the company came out. The calendar
 * knows the day of a report and not its hour: what was stored on that very day counts as older from the next day on.
 */
export const staleTypes = (
  state: Pick<StateView, "types"> | undefined,
  reportDays: readonly string[],
  now: number,
): DataType[] => {
  const today = dayOf(now);
  const out = reportDays.filter((day) => day <= today);
  return dataTypes.filter((type) => {
    const storedAt = momentOf(state?.types[type]?.stored_at);
    if (storedAt === undefined || now - storedAt >= freshForMs[type]) return true;
    if (out.length === 0) return false;
    const storedOn = dayOf(storedAt);
    return storedOn < today && out.some((day) => storedOn <= day);
  });
};
