import { readMany } from "../../aws/readMany";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { digestBytes } from "./digest";
import { DigestSet } from "./digestSet";
import { entryKey, numberOf } from "./entry";
import type { CountedWindow } from "./window";

/** Those that may be in an entry, by its number. */
const suspectsAmong = (window: CountedWindow, ids: readonly Uint8Array[]): Map<number, Uint8Array[]> => {
  const suspects = new Map<number, Uint8Array[]>();
  for (const id of ids) {
    if (window.ids.has(id)) continue;
    for (const number of window.ids.entriesWith(id)) {
      const others = suspects.get(number);
      if (others) others.push(id);
      else suspects.set(number, [id]);
    }
  }
  return suspects;
};

const idsIn = (bytes: Uint8Array): DigestSet => {
  const set = new DigestSet();
  for (let from = 0; from < bytes.length; from += digestBytes) set.add(bytes, from);
  return set;
};

const readIds = async (
  window: CountedWindow,
  numbers: readonly number[],
  run: Run,
): Promise<Map<number, DigestSet>> => {
  const keys = numbers.map((number) => entryKey(window.partition, number));
  const table = env("EVENT_AGGREGATIONS_TABLE");
  const items = await readMany(table, keys, ["sort_key", "ids"], run, { consistent: true });
  return new Map(items.map((item) => [numberOf(item), idsIn(item["ids"] as Uint8Array)]));
};

/** Which of these ids are in the log, besides those that the window itself knows for certain. */
export const lookUp = async (window: CountedWindow, ids: readonly Uint8Array[], run: Run): Promise<DigestSet> => {
  for (;;) {
    const found = new DigestSet();
    const { next } = window;
    const suspects = suspectsAmong(window, ids);
    if (suspects.size === 0) return found;
    const entries = await readIds(window, [...suspects.keys()], run);
    for (const [number, suspected] of suspects)
      for (const id of suspected) if (entries.get(number)?.has(id)) found.add(id);
    // What was written meanwhile may have moved an id from what is known for certain to what has to be looked up.
    if (window.next === next) return found;
  }
};
