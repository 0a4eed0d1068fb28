import { inBatches, throwIfFailed } from "../../batch";
import type { Run } from "../../consume/run";
import { dayMs, lateMs } from "../event";
import { dayOf, hourOf, hoursOf } from "../window";
import { fold } from "./fold";
import { type LogOfDay, logsOf } from "./register";
import type { Windows } from "./windows";

const atATime = 8;

/** Yesterday, and the last day of which nothing can come any more, even by a record that was tried again for a day. */
export const dueDays = (time: string): string[] =>
  [dayMs, lateMs + 2 * dayMs].map((before) => dayOf(hourOf(Date.parse(time) - before)));

const foldDay = async (day: string, windows: Windows, run: Run): Promise<number> => {
  const logs: LogOfDay[] = [];
  for await (const log of logsOf(day, run)) logs.push(log);
  const done = await inBatches(
    logs,
    atATime,
    ({ experimentId, shard }) => fold({ experimentId, day, hours: hoursOf(day), shard }, windows, run),
    ({ experimentId }) => experimentId,
  );
  throwIfFailed(done, "logs");
  return logs.length;
};

/** Every log of these days, and how many there are. May be said again: nothing is taken in twice. */
export const foldDays = async (days: readonly string[], windows: Windows, run: Run): Promise<number> => {
  let logs = 0;
  for (const day of days) logs += await foldDay(day, windows, run);
  return logs;
};
