import { DigestSet } from "./digestSet";
import type { Entry } from "./entry";
import { addTo, type Figures, type FiguresByName } from "./figures";
import type { CountedWindow } from "./window";

/** What an event adds to the window in which it happened. */
export interface Countable {
  id: Uint8Array;
  user: Uint8Array;
  /** `variant|measure`. */
  name: string;
  figures: Figures;
}

/** Users who are new to a window, by measure. */
export class NewUsers {
  private readonly met = new Map<string, { set: DigestSet; list: Uint8Array[] }>();
  count = 0;

  constructor(private readonly window: CountedWindow) {}

  add(name: string, user: Uint8Array): void {
    if (this.window.users.get(name)?.has(user)) return;
    let met = this.met.get(name);
    if (!met) {
      met = { set: new DigestSet(), list: [] };
      this.met.set(name, met);
    }
    if (!met.set.add(user)) return;
    met.list.push(user);
    this.count++;
  }

  packed(): Map<string, Uint8Array> {
    return new Map([...this.met].map(([name, { list }]) => [name, Buffer.concat(list)]));
  }
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
  return { ids: Buffer.concat(ids), users: users.packed(), figures, folded: new Map() };
};
