import { digestBytes } from "./digest";
import { DigestSet } from "./digestSet";
import { mostEntries, Prints, printOf } from "./prints";
import type { Shelf, Shelved } from "./shelf";

/** Of each log. Duplicates are mostly of what came shortly before: those are known without a look at the table. */
export const usuallyWhole = 8_192;

interface Group {
  firstEntry: number;
  lastEntry: number;
  shelved: Shelved;
}

const add = (found: Map<number, Uint8Array[]>, number: number, id: Uint8Array | undefined): void => {
  if (!id) return;
  const others = found.get(number);
  if (others) others.push(id);
  else found.set(number, [id]);
};

/**
 * The ids of a log. The latest are kept whole; of those before, put away, some bits and which entry has all of it: little more
 * than 4 bytes, where the whole takes 22 to 32. What is not among them is new for certain, and that is nearly everything. What
 * seems to be is looked up in its entry.
 */
export class KnownIds {
  private latest = new DigestSet();
  /** The entry of the first of the latest, and of it and each after it, how many of the latest there are with it. */
  private firstEntry = 0;
  private ends: number[] = [];
  /** In the order of their entries. */
  private readonly older: Group[] = [];
  private olderBytes = 0;
  /** How many of those are in the file. */
  places = 0;
  /** Nothing is known of the ids of the entries before this one: those are looked for in the log itself. */
  knownFrom = 0;
  /** Whether that is because something could not be read back. */
  damaged = false;
  /** How often something was put away: only then does it need more than a bounded piece of memory. */
  timesPutAway = 0;

  constructor(
    private readonly mostWhole: number,
    private readonly shelf: Shelf,
  ) {}

  /** In memory. */
  get bytes(): number {
    return this.latest.bytes + this.olderBytes;
  }

  /** Of those, what would be spared if all that was put away were let go. */
  get bytesPutAway(): number {
    return this.olderBytes;
  }

  /** Of an entry, all in one buffer. Entries come in the order of their numbers. */
  take(number: number, ids: Uint8Array): void {
    if (this.latest.size > 0 && number - this.firstEntry >= mostEntries) this.putAway();
    for (let from = 0; from < ids.length; from += digestBytes) {
      if (!this.latest.add(ids, from)) continue;
      if (this.latest.size === 1) this.firstEntry = number;
      this.ends[number - this.firstEntry] = this.latest.size;
      if (this.latest.size >= this.mostWhole) this.putAway();
    }
  }

  /** Whether it is among the latest. */
  has(id: Uint8Array): boolean {
    return this.latest.has(id);
  }

  /**
   * The entries in which any of these may be, as far as they are known, and which. Of none that is among the latest. What was put
   * away is gone through once for all of them.
   */
  entriesWith(ids: readonly Uint8Array[]): Map<number, Uint8Array[]> {
    const found = new Map<number, Uint8Array[]>();
    const prints = Uint32Array.from(ids, (id) => printOf(id));
    const places: number[] = [];
    let lost: Group | undefined;
    for (const group of this.older) {
      const shelved = this.shelf.look(group.shelved);
      if (!shelved) lost = group;
      for (let at = 0; shelved && at < prints.length; at++) {
        shelved.addPlaces(prints[at] ?? 0, places);
        if (places.length === 0) continue;
        for (const place of places.splice(0)) add(found, group.firstEntry + place, ids[at]);
      }
    }
    if (lost) {
      this.damaged = true;
      while (this.older.includes(lost)) this.letGo();
    }
    return found;
  }

  /** Knows no more of those that were put away first. */
  letGo(): void {
    const group = this.older.shift();
    if (!group) return;
    this.count(group, -1);
    this.knownFrom = group.lastEntry + 1;
    this.shelf.giveBack(group.shelved);
  }

  letAllGo(): void {
    while (this.older.length > 0) this.letGo();
  }

  private putAway(): void {
    const group = {
      firstEntry: this.firstEntry,
      lastEntry: this.firstEntry + this.ends.length - 1,
      shelved: this.shelf.put(Prints.of(this.latest, this.ends)),
    };
    this.older.push(group);
    this.count(group, 1);
    this.timesPutAway++;
    this.latest = new DigestSet();
    this.ends = [];
  }

  private count({ shelved }: Group, by: 1 | -1): void {
    if (shelved instanceof Prints) this.olderBytes += by * shelved.bytes.length;
    else this.places += by;
  }
}
