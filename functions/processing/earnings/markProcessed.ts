import type { Run } from "../consume/run";
import type { PlatformEvent } from "../events/definition";
import { earningsProcessed } from "../events/earningsProcessed";
import { Failure } from "../failure";
import type { Change } from "../outbox/record";
import { type CalendarEntry, readEntry, writeEntries } from "./calendar";

export type EarningsProcessed = PlatformEvent<typeof earningsProcessed>;

/**
 * `processed`: the entry was open and is closed now. `duplicate`: it was closed already, by this event or another.
 * `stale`: the entry has been reopened or moved by news that is younger than this event.
 */
export type Outcome = "processed" | "duplicate" | "stale";

/** What an event means for an entry as it stands. Pure, so that every order of arrival can be tried. */
export const decide = (entry: CalendarEntry, event: EarningsProcessed): Outcome => {
  if (entry.status === "processed") return "duplicate";
  if (entry.status === "moved") return "stale";
  return event.timestamp < entry.source_time ? "stale" : "processed";
};

export const close = (entry: CalendarEntry, event: EarningsProcessed, now: number): CalendarEntry => ({
  ...entry,
  status: "processed",
  version: entry.version + 1,
  source_time: Math.min(event.timestamp, now),
  processed_at: new Date(event.timestamp).toISOString(),
  processed_event_id: event.eventId,
  updated_at: new Date(now).toISOString(),
});

const change = (before: CalendarEntry, after: CalendarEntry, event: EarningsProcessed, now: number): Change => ({
  // The cause is part of it: an entry that was restored to an earlier version may change a second time.
  id: `CHANGE#${earningsProcessed.entity(event.payload)}#${after.version}#${event.eventId}`,
  entity: earningsProcessed.entity(event.payload),
  type: "earningsCalendar.changed",
  fields: [{ field: "status", oldValue: before.status, newValue: after.status }],
  after,
  at: now,
  by: "markEarningsProcessed",
  cause: event,
});

/** Two writers can meet at an entry; more than this many times in a row is a fault, left to redelivery. */
const readings = 3;

/** Closes the calendar's entry of the report that was ingested: once, whatever arrives how often and in what order. */
export const markProcessed = async (event: EarningsProcessed, run: Run): Promise<Outcome> => {
  const { assetId, earningsDate } = event.payload;
  for (let reading = 1; ; reading++) {
    const entry = await readEntry(assetId, earningsDate, run);
    if (!entry) {
      throw new Failure("permanent", `detail.earningsDate is not in the earnings calendar of ${assetId}`, {
        origin: "input",
        field: "detail.earningsDate",
      });
    }
    const outcome = decide(entry, event);
    if (outcome !== "processed") return outcome;
    const now = run.now();
    const closed = close(entry, event, now);
    try {
      const audit = change(entry, closed, event, now);
      await writeEntries([{ before: entry, after: closed, audit }], run);
      return outcome;
    } catch (error) {
      const overtaken = error instanceof Failure && error.conditionFailed;
      if (!overtaken || reading === readings) throw error;
      run.log.info("the entry changed meanwhile, reading it again", { reading });
    }
  }
};
