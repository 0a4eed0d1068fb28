import { DigestSet } from "./digestSet";
import { type Entry, type NumberedEntry, type Totals, totalsEvery, usersIn } from "./entry";
import { addTo, type FiguresByName } from "./figures";
import { KnownIds } from "./knownIds";

/** What this process knows of a window: the sum of its log's first entries. */
export class CountedWindow {
  /** The number of the entry that comes next. */
  next = 0;
  /** Another writer was faster the last time: look what is there before writing. */
  contended = false;
  readonly ids: KnownIds;
  readonly users = new Map<string, DigestSet>();
  readonly figures: FiguresByName = new Map();
  readonly folded = new Map<string, number>();

  constructor(
    readonly partition: string,
    /** So many ids, the latest, are kept whole. */
    mostWholeIds: number,
  ) {
    this.ids = new KnownIds(mostWholeIds);
  }

  get bytes(): number {
    let sum = this.ids.bytes;
    for (const set of this.users.values()) sum += set.bytes;
    return sum;
  }

  usersOf(name: string): DigestSet {
    let set = this.users.get(name);
    if (!set) {
      set = new DigestSet();
      this.users.set(name, set);
    }
    return set;
  }

  /** Takes in what has the next number. What is known already, and what follows a gap, is left. */
  take({ number, ids, users, figures, folded }: NumberedEntry): void {
    if (number !== this.next) return;
    this.next++;
    this.ids.take(number, ids);
    for (const [name, digests] of users) this.usersOf(name).addAll(digests);
    for (const [name, more] of figures) addTo(this.figures, name, more);
    for (const [hour, count] of folded) this.folded.set(hour, count);
  }

  /** What is to be written as the next entry. */
  number(entry: Entry): NumberedEntry {
    const number = this.next;
    return { ...entry, number, totals: number % totalsEvery === totalsEvery - 1 ? this.totalsWith(entry) : undefined };
  }

  private totalsWith(entry: Entry): Totals {
    const figures: FiguresByName = new Map(this.figures);
    for (const [name, more] of entry.figures) addTo(figures, name, more);
    const users = new Map([...this.users].map(([name, set]) => [name, set.size]));
    for (const [name, digests] of entry.users) users.set(name, (users.get(name) ?? 0) + usersIn(digests));
    return { figures, users };
  }
}
