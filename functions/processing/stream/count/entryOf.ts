import { DigestSet } from "./digestSet";
import type { Entry } from "./entry";
import { addTo, type Figures, type FiguresByName } from "./figures";
import { NewUsers } from "./newUsers";
import type { CountedWindow } from "./window";

/** What an event adds to the window in which it happened. */
export interface Countable {
  id: Uint8Array;
  user: Uint8Array;
  /** `variant|measure`. */
  name: string;
  figures: Figures;
}

/** The entry that counts those events that were not counted before; none where there are none. */
export const entryOf = (
  window: CountedWindow,
  events: readonly Countable[],
  /** Ids that were looked up in the log, and are there. */
  found: DigestSet,
): Entry | undefined => {
  const ids: Uint8Array[] = [];
  const figures: FiguresByName = new Map();
  const users = new NewUsers(window);
  const mine = new DigestSet();
  for (const { id, user, name, figures: more } of events) {
    if (window.ids.has(id) || found.has(id) || !mine.add(id)) continue;
    ids.push(id);
    addTo(figures, name, more);
    users.add(name, user);
  }
  if (ids.length === 0) return undefined;
  return { ids: Buffer.concat(ids), ...users.packed(), figures, folded: new Map() };
};
