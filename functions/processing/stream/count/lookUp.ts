import { readMany } from "../../aws/readMany";
import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { digestBytes } from "./digest";
import { DigestSet } from "./digestSet";
import { entryKey, numberOf } from "./entry";
import { entriesOf } from "./log";
import type { CountedWindow } from "./window";

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

/** Those of them that are in the log's first entries, of which the window knows nothing. */
const inFirst = async (
  window: CountedWindow,
  ids: readonly Uint8Array[],
  found: DigestSet,
  run: Run,
): Promise<void> => {
  const asked = idsIn(Buffer.concat(ids));
  for await (const entries of entriesOf(window.partition, { from: 0, to: window.ids.knownFrom - 1 }, run))
    for (const entry of entries)
      for (let from = 0; from < entry.ids.length; from += digestBytes)
        if (asked.has(entry.ids, from)) found.add(entry.ids, from);
};

/** Which of these ids are in the log, besides those that the window itself knows for certain. */
export const lookUp = async (window: CountedWindow, ids: readonly Uint8Array[], run: Run): Promise<DigestSet> => {
  for (;;) {
    const found = new DigestSet();
    const { next } = window;
    const asked = ids.filter((id) => !window.ids.has(id));
    const suspects = window.ids.entriesWith(asked);
    if (window.ids.knownFrom > 0 && asked.length > 0) await inFirst(window, asked, found, run);
    else if (suspects.size === 0) return found;
    const entries = await readIds(window, [...suspects.keys()], run);
    for (const [number, suspected] of suspects)
      for (const id of suspected) if (entries.get(number)?.has(id)) found.add(id);
    // What was written meanwhile may have moved an id from what is known for certain to what has to be looked up.
    if (window.next === next) return found;
  }
};
