import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { type NumberedEntry, usersIn } from "../count/entry";
import { addTo, type FiguresByName } from "../count/figures";
import { fold } from "../count/fold";
import { partitionOf } from "../count/keys";
import { entriesBackwards } from "../count/log";
import { logsOf } from "../count/register";
import { UserSet } from "../count/userSet";
import type { Windows } from "../count/windows";
import { aheadMs } from "../event";
import { hoursOf, startOf } from "../window";

/** A window as it stands, or several together. */
export interface Tally {
  figures: FiguresByName;
  users: Map<string, UserSet>;
}

export const emptyTally = (): Tally => ({ figures: new Map(), users: new Map() });

/** Users who are in both are one. */
export const addTally = (total: Tally, more: Tally): void => {
  for (const [name, figures] of more.figures) addTo(total.figures, name, figures);
  for (const [name, users] of more.users) {
    const known = total.users.get(name) ?? new UserSet();
    known.addSet(users);
    total.users.set(name, known);
  }
};

/** The logs of a day: as many as there are now, and those that there were before. */
export const shardsOf = async (experimentId: string, day: string, run: Run): Promise<number[]> => {
  const shards = new Set(Array.from({ length: Number(env("EXPERIMENT_SHARDS")) }, (_, shard) => shard));
  for await (const { shard } of logsOf(day, run, experimentId)) shards.add(shard);
  return [...shards];
};

export interface DayAsked {
  experimentId: string;
  day: string;
  shards: readonly number[];
}

/** A day with everything that was counted up to now, of all its logs. */
export const readDay = async (of: DayAsked, windows: Windows, run: Run): Promise<Tally> => {
  const { experimentId, day, shards } = of;
  const hours = hoursOf(day).filter((hour) => startOf(hour) <= run.now() + aheadMs);
  const tally = emptyTally();
  for (const shard of shards) {
    await fold({ experimentId, day, hours, shard }, windows, run);
    addTally(tally, await windows.current(partitionOf(experimentId, day, shard), run));
  }
  return tally;
};

/** What is told of a window. */
export interface WindowTotals {
  figures: FiguresByName;
  users: Map<string, number>;
  /** Whose users were not counted one by one. */
  estimated: Set<string>;
}

const noTotals = (): WindowTotals => ({ figures: new Map(), users: new Map(), estimated: new Set() });

const addUsers = ({ users }: WindowTotals, name: string, count: number): void => {
  users.set(name, (users.get(name) ?? 0) + count);
};

/** By measure: those who are new, or all that the window has with this entry. */
const usersOf = ({ users, estimates, totals }: NumberedEntry): Map<string, { count: number; all: boolean }> => {
  const some = new Map([...users].map(([name, set]) => [name, { count: usersIn(set), all: false }]));
  for (const [name, count] of [...estimates, ...(totals?.users ?? [])]) some.set(name, { count, all: true });
  return some;
};

/** Only the end of an hour's log is read, from its last entry back to one that knows all that came before. */
const readTotals = async (partition: string, run: Run): Promise<WindowTotals> => {
  const totals = noTotals();
  const settled = new Set<string>();
  for await (const entry of entriesBackwards(partition, run)) {
    for (const [name, more] of entry.totals?.figures ?? entry.figures) addTo(totals.figures, name, more);
    for (const [name, { count, all }] of usersOf(entry)) {
      if (!settled.has(name)) addUsers(totals, name, count);
      if (all) settled.add(name);
    }
    for (const name of entry.levels.keys()) totals.estimated.add(name);
    if (entry.totals) break;
  }
  return totals;
};

/** An hour's figures, and how many users each measure has: a user's events are all in one log. */
export const readHour = async (
  experimentId: string,
  hour: string,
  shards: readonly number[],
  run: Run,
): Promise<WindowTotals> => {
  const totals = noTotals();
  for (const shard of shards) {
    const { figures, users, estimated } = await readTotals(partitionOf(experimentId, hour, shard), run);
    for (const [name, more] of figures) addTo(totals.figures, name, more);
    for (const [name, count] of users) addUsers(totals, name, count);
    for (const name of estimated) totals.estimated.add(name);
  }
  return totals;
};

export const totalsOf = ({ figures, users }: Tally): WindowTotals => ({
  figures,
  users: new Map([...users].map(([name, { size }]) => [name, size])),
  estimated: new Set([...users].flatMap(([name, { level }]) => (level > 0 ? [name] : []))),
});
