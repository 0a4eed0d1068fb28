import type { DigestSet } from "./digestSet";
import { type Entry, type NumberedEntry, toItem, totalsEvery, usersIn } from "./entry";
import { addTo, type FiguresByName } from "./figures";
import type { KnownIds } from "./knownIds";
import { itemBytes, mostBytesWithTotals } from "./size";
import { UserSet } from "./userSet";

/** What this process knows of a window: the sum of its log's first entries. */
export class CountedWindow {
  /** The number of the entry that comes next. */
  next = 0;
  /** Another writer was faster the last time: look what is there before writing. */
  contended = false;
  /** How many are at work with it. */
  usedBy = 0;
  readonly users = new Map<string, UserSet>();
  readonly figures: FiguresByName = new Map();
  readonly folded = new Map<string, number>();

  constructor(
    readonly partition: string,
    readonly ids: KnownIds,
    /** So many users of a measure are kept; infinite where each of them is. */
    readonly mostUsers: number,
    /** Where its users have their numbers, as those of the other windows of their day have. */
    readonly digests: DigestSet,
  ) {}

  /** Without what it shares with others. */
  get bytes(): number {
    let sum = this.ids.bytes;
    for (const set of this.users.values()) sum += set.bytes;
    return sum;
  }

  usersOf(name: string): UserSet {
    let set = this.users.get(name);
    if (!set) {
      set = new UserSet(this.mostUsers, this.digests);
      this.users.set(name, set);
    }
    return set;
  }

  /** Takes in what has the next number. What is known already, and what follows a gap, is left. */
  take({ number, ids, users, levels, figures, folded }: NumberedEntry): void {
    if (number !== this.next) return;
    this.next++;
    this.ids.take(number, ids);
    for (const [name, level] of levels) this.usersOf(name).raise(level);
    for (const [name, digests] of users) this.usersOf(name).addAll(digests);
    for (const [name, more] of figures) addTo(this.figures, name, more);
    for (const [hour, count] of folded) this.folded.set(hour, count);
  }

  /** What is to be written as the next entry. */
  number(entry: Entry): NumberedEntry {
    const number = this.next;
    const estimates = new Map([...entry.levels.keys()].map((name) => [name, this.usersWith(entry, name)]));
    const numbered = { ...entry, number, estimates, totals: undefined };
    if (number % totalsEvery !== totalsEvery - 1) return numbered;
    const withTotals = this.withTotals(numbered);
    return itemBytes(toItem(this.partition, withTotals, undefined)) > mostBytesWithTotals ? numbered : withTotals;
  }

  private usersWith({ users, levels }: Entry, name: string): number {
    const set = this.users.get(name);
    const level = levels.get(name) ?? set?.level ?? 0;
    return ((set?.countAt(level) ?? 0) + usersIn(users.get(name) ?? new Uint8Array())) * 2 ** level;
  }

  private withTotals(entry: NumberedEntry): NumberedEntry {
    const figures: FiguresByName = new Map(this.figures);
    for (const [name, more] of entry.figures) addTo(figures, name, more);
    const names = new Set([...this.users.keys(), ...entry.users.keys()]);
    const users = new Map([...names].map((name) => [name, this.usersWith(entry, name)]));
    const levels = new Map([...this.users].flatMap(([name, { level }]) => (level > 0 ? [[name, level]] : [])));
    for (const [name, level] of entry.levels) levels.set(name, level);
    return { ...entry, levels, totals: { figures, users } };
  }
}
