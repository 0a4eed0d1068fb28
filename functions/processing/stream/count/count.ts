import { classify } from "../../aws/classify";
import { readMany } from "../../aws/readMany";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { countFailure } from "../../observe/metrics";
import { dayOf, endOf, hoursBefore } from "../window";
import { entryKey, totalsEvery, usersIn } from "./entry";
import { type Countable, entryOf } from "./entryOf";
import { fold } from "./fold";
import { dayPartitionOf, partitionOf } from "./keys";
import { lookUp } from "./lookUp";
import { register } from "./register";
import { EntrySize } from "./size";
import type { CountedWindow } from "./window";
import type { Windows } from "./windows";

/** An experiment's events of one hour, as far as they are counted in one log. */
export interface HourOfEvents {
  experimentId: string;
  hour: string;
  shard: number;
  events: Countable[];
  /** When the last of them arrived. */
  arrivedAt: number;
}

const secondMs = 1_000;
/** Of its id, and of its user. */
const digestsEach = 2;

export interface Retention {
  /** How long it is known which events of an hour were counted. */
  keptMs: number;
}

/** The last hour before this one, within a day, that has anything: it ended when this one began. */
const lastBefore = async ({ experimentId, hour, shard }: HourOfEvents, run: Run): Promise<string[]> => {
  const hours = new Map(hoursBefore(hour).map((one) => [partitionOf(experimentId, one, shard), one]));
  const keys = [...hours.keys()].map((partition) => entryKey(partition, 0));
  const rows = await readMany(env("EVENT_AGGREGATIONS_TABLE"), keys, ["partition_key"], run);
  const last = rows.map((row) => hours.get(String(row["partition_key"])) ?? "").sort();
  return last.slice(-1);
};

/** What is due to be taken into its day: of an hour, all of it once no more is to be expected soon. */
const dueHours = async (of: HourOfEvents, number: number, run: Run): Promise<string[]> => {
  const { hour, arrivedAt } = of;
  // What is redriven is late by when that happens, not by when it first came.
  const isLate = Math.max(arrivedAt, run.now()) > endOf(hour);
  const isDue = isLate || number % totalsEvery === totalsEvery - 1;
  return [...(number === 0 ? await lastBefore(of, run) : []), ...(isDue ? [hour] : [])];
};

/** That a day lags behind loses nothing: it is made up for by the next time, or by whoever asks for it. */
const foldDue = async (of: HourOfEvents, number: number, windows: Windows, run: Run): Promise<void> => {
  const { experimentId, shard } = of;
  try {
    for (const hour of await dueHours(of, number, run))
      await fold({ experimentId, day: dayOf(hour), hours: [hour], shard }, windows, run);
  } catch (error) {
    const failure = classify(error, "dynamodb");
    countFailure(failure, run.meter);
    run.log.warn("a day was not brought up to date, and will be later", {
      experimentId,
      hour: of.hour,
      error: failure,
    });
  }
};

/** Each as much as fits an entry, whatever of it turns out to be new. */
const partsOf = (events: readonly Countable[]): Countable[][] => {
  const parts: Countable[][] = [];
  let part: Countable[] = [];
  let size = new EntrySize();
  for (const event of events) {
    if (size.isFull) {
      parts.push(part);
      part = [];
      size = new EntrySize();
    }
    part.push(event);
    size.add(event.name, digestsEach);
  }
  return [...parts, part];
};

/** Counts each event once, however often it comes, and says how many were new. */
export const countHour = async (of: HourOfEvents, windows: Windows, kept: Retention, run: Run): Promise<number> => {
  const { experimentId, hour, shard, events } = of;
  const partition = partitionOf(experimentId, hour, shard);
  const expiresAt = Math.floor((endOf(hour) + kept.keptMs) / secondMs);
  let counted = 0;
  for (const some of partsOf(events)) {
    const ids = some.map(({ id }) => id);
    let added = 0;
    const decide = async (window: CountedWindow) => {
      const found = await lookUp(window, ids, run);
      const entry = entryOf(window, some, found);
      if (entry && window.next === 0 && !windows.isBegun(dayPartitionOf(partition)))
        await register(dayOf(hour), { experimentId, shard }, run);
      added = entry ? usersIn(entry.ids) : 0;
      return entry;
    };
    const appended = await windows.append(partition, decide, expiresAt, run);
    counted += added;
    if (appended) await foldDue(of, appended.number, windows, run);
  }
  return counted;
};
