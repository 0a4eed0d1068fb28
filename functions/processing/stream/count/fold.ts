import { readMany } from "../../aws/readMany";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { digestBytes } from "./digest";
import { type Entry, type NumberedEntry, sortKeyOf } from "./entry";
import { addTo, type FiguresByName } from "./figures";
import { partitionOf } from "./keys";
import { entriesOf } from "./log";
import { NewUsers } from "./newUsers";
import { EntrySize } from "./size";
import type { CountedWindow } from "./window";
import type { Windows } from "./windows";

export interface DayOfHours {
  experimentId: string;
  day: string;
  /** Which of its hours are looked at. */
  hours: readonly string[];
  shard: number;
}

class DayEntry {
  private readonly figures: FiguresByName = new Map();
  private readonly folded: Map<string, number>;
  private readonly users: NewUsers;
  private readonly size = new EntrySize();
  private empty = true;

  constructor(day: CountedWindow) {
    this.folded = new Map(day.folded);
    this.users = new NewUsers(day);
  }

  get isFull(): boolean {
    return this.size.isFull;
  }

  nextOf(hour: string): number {
    return this.folded.get(hour) ?? 0;
  }

  /** True once it was taken in: only what follows what is there. */
  take(hour: string, { number, figures, users, levels }: NumberedEntry): void {
    if (number !== this.nextOf(hour)) return;
    this.folded.set(hour, number + 1);
    for (const [name, more] of figures) {
      addTo(this.figures, name, more);
      this.size.add(name, 0);
    }
    for (const [name, level] of levels) {
      this.users.raise(name, level);
      this.size.add(name, 0);
    }
    for (const [name, digests] of users) {
      const before = this.users.count;
      for (let from = 0; from < digests.length; from += digestBytes)
        this.users.add(name, digests.subarray(from, from + digestBytes));
      this.size.add(name, this.users.count - before);
    }
    this.empty = false;
  }

  done(): Entry | undefined {
    if (this.empty) return undefined;
    return { ids: new Uint8Array(), ...this.users.packed(), figures: this.figures, folded: this.folded };
  }
}

/** Of several hours, those that have more than their day. Most hours of most days have not: all of them are asked at once. */
const withMore = async ({ experimentId, hours, shard }: DayOfHours, entry: DayEntry, run: Run) => {
  if (hours.length === 1) return hours;
  const nextOf = (hour: string) => ({
    partition_key: partitionOf(experimentId, hour, shard),
    sort_key: sortKeyOf(entry.nextOf(hour)),
  });
  const rows = await readMany(env("EVENT_AGGREGATIONS_TABLE"), hours.map(nextOf), ["partition_key"], run, {
    consistent: true,
  });
  const there = new Set(rows.map(({ partition_key }) => partition_key));
  return hours.filter((hour) => there.has(nextOf(hour).partition_key));
};

/** What the hours have that their day does not have yet, or as much of that as fits an entry. */
const missing = async (of: DayOfHours, day: CountedWindow, run: Run): Promise<DayEntry> => {
  const entry = new DayEntry(day);
  for (const hour of await withMore(of, entry, run)) {
    const partition = partitionOf(of.experimentId, hour, of.shard);
    for await (const entries of entriesOf(partition, { from: entry.nextOf(hour) }, run)) {
      for (const one of entries) if (!entry.isFull) entry.take(hour, one);
      if (entry.isFull) return entry;
    }
  }
  return entry;
};

/**
 * Brings a day up to date with its hours. The day's own entries say how far each hour is in it, so that nothing is taken
 * in twice, whoever does this, and however often.
 */
export const fold = async (of: DayOfHours, windows: Windows, run: Run): Promise<void> => {
  const partition = partitionOf(of.experimentId, of.day, of.shard);
  let more = true;
  while (more) {
    const decide = async (day: CountedWindow) => {
      const entry = await missing(of, day, run);
      more = entry.isFull;
      return entry.done();
    };
    await windows.append(partition, decide, undefined, run);
  }
};
