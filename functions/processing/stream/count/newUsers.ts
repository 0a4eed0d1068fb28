import { DigestSet } from "./digestSet";
import { levelOf, UserSet } from "./userSet";
import type { CountedWindow } from "./window";

interface Met {
  set: DigestSet;
  list: Uint8Array[];
  level: number;
}

/** What an entry says of users: who is new, and which sample they are of where not each of them is kept. */
export interface UsersOfEntry {
  users: Map<string, Uint8Array>;
  levels: Map<string, number>;
}

/** Users who are new to a window, by measure. */
export class NewUsers {
  private readonly met = new Map<string, Met>();
  count = 0;

  constructor(private readonly window: CountedWindow) {}

  add(name: string, user: Uint8Array): void {
    const known = this.window.users.get(name);
    // That somebody is left out is told in the same entry: the log may not know yet that there are so many.
    if (known && known.level === 0 && known.has(user)) return;
    const met = this.of(name);
    if (known?.has(user) || levelOf(user) < met.level || !met.set.add(user)) return;
    met.list.push(user);
    this.count++;
  }

  /** What another window has of them is a sample of that level: here, it can be no finer. */
  raise(name: string, level: number): void {
    const met = this.of(name);
    met.level = Math.max(met.level, level);
  }

  packed(): UsersOfEntry {
    const users = new Map<string, Uint8Array>();
    const levels = new Map<string, number>();
    for (const [name, { list, level }] of this.met) {
      const after = this.after(name, list, level);
      const kept = list.filter((user) => levelOf(user) >= after.level);
      if (kept.length > 0) users.set(name, Buffer.concat(kept));
      if (after.level > 0) levels.set(name, after.level);
    }
    return { users, levels };
  }

  /** As the window will be: only where it has more than it may keep does that differ from what it is now. */
  private after(name: string, list: readonly Uint8Array[], level: number): UserSet {
    const all = new UserSet(this.window.mostUsers, this.window.digests);
    const known = this.window.users.get(name);
    if (known && known.level === level && known.size / 2 ** level + list.length <= this.window.mostUsers) return known;
    if (known) all.addSet(known);
    all.raise(level);
    for (const user of list) all.add(user);
    return all;
  }

  private of(name: string): Met {
    let met = this.met.get(name);
    if (!met) {
      met = { set: new DigestSet(), list: [], level: this.window.users.get(name)?.level ?? 0 };
      this.met.set(name, met);
    }
    return met;
  }
}
