import { DigestSet } from "./digestSet";
import { dayPartitionOf } from "./keys";
import { KnownIds, usuallyWhole } from "./knownIds";
import { mostPrints, printsBytes } from "./prints";
import { Shelf } from "./shelf";
import { SlotFile } from "./slotFile";
import { CountedWindow } from "./window";

export interface Room {
  /** Of memory. */
  mostBytes: number;
  /** So many ids of a log, the latest, are kept whole. @default 8,192 */
  mostWholeIds?: number | undefined;
  /** So many users of a measure are kept. @default each of them */
  mostUsers?: number | undefined;
  /** Where prints of ids are put away. @default a file in the temporary folder, made when something is */
  file?: SlotFile | undefined;
}

/** Of the 512 MB that the temporary folder of a function has. */
const usualFileBytes = 384 * 1024 * 1024;

/** A file for what is put away of the ids of logs, so many at a time. */
export const fileFor = (mostWholeIds = usuallyWhole, mostBytes = usualFileBytes, folder?: string): SlotFile =>
  new SlotFile({ slotBytes: printsBytes(mostWholeIds), mostBytes }, folder);

/** The windows that a process knows, the most recently used of them within a budget of memory, and of a file. */
export class KnownWindows {
  /** Those that were used longest ago are first. */
  private readonly known = new Map<string, CountedWindow>();
  /** The users of a day are mostly the same in each of its windows, and for each measure. */
  private readonly usersOfDays = new Map<string, { digests: DigestSet; windows: number }>();
  readonly shelf: Shelf;
  private readonly mostWholeIds: number;

  constructor(private readonly room: Room) {
    this.mostWholeIds = Math.min(room.mostWholeIds ?? usuallyWhole, mostPrints);
    this.shelf = new Shelf(room.file ?? fileFor(this.mostWholeIds), () => this.makeRoom());
  }

  has(partition: string): boolean {
    return this.sound(partition) !== undefined;
  }

  /** As the one that was used last. One that is not known has nothing in it yet. */
  get(partition: string): CountedWindow {
    const window = this.sound(partition) ?? this.made(partition);
    this.known.delete(partition);
    this.known.set(partition, window);
    return window;
  }

  /**
   * Keeps within the budget of memory. First go whole windows, those that were used longest ago, but none that is in use; then
   * ids of this one, where they are in memory.
   */
  tidy(used: CountedWindow): void {
    let sum = 0;
    for (const { bytes } of this.known.values()) sum += bytes;
    for (const { digests } of this.usersOfDays.values()) sum += digests.bytes;
    for (const window of this.known.values()) {
      if (sum <= this.room.mostBytes) return;
      if (window !== used && window.usedBy === 0) sum -= this.forget(window);
    }
    while (sum > this.room.mostBytes && used.ids.bytesPutAway > 0) sum -= this.letGo(used);
  }

  /** In the file: whole windows that nobody uses, or else as little as will do. */
  private makeRoom(): void {
    const holders = [...this.known.values()].filter(({ ids }) => ids.places > 0);
    const idle = holders.find(({ usedBy }) => usedBy === 0);
    if (idle) this.forget(idle);
    else if (holders[0]) this.letPlaceGo(holders[0]);
  }

  private letPlaceGo(window: CountedWindow): void {
    const { places } = window.ids;
    while (window.ids.places === places) this.letGo(window);
  }

  /** How many bytes of memory that sets free. */
  private letGo({ partition, ids }: CountedWindow): number {
    this.shelf.note("a log has more ids than fit: its first are looked for in the table, batch by batch", {
      partition,
    });
    const before = ids.bytesPutAway;
    ids.letGo();
    return before - ids.bytesPutAway;
  }

  /** Not where its ids could not be read back: read from its log again, it is whole. */
  private sound(partition: string): CountedWindow | undefined {
    const window = this.known.get(partition);
    if (!window?.ids.damaged || window.usedBy > 0) return window;
    this.forget(window);
    return undefined;
  }

  private made(partition: string): CountedWindow {
    const day = dayPartitionOf(partition);
    const users = this.usersOfDays.get(day) ?? { digests: new DigestSet(), windows: 0 };
    users.windows++;
    this.usersOfDays.set(day, users);
    const ids = new KnownIds(this.mostWholeIds, this.shelf);
    return new CountedWindow(partition, ids, this.room.mostUsers ?? Number.POSITIVE_INFINITY, users.digests);
  }

  /** How many bytes of memory that sets free. */
  private forget({ partition, bytes, ids }: CountedWindow): number {
    this.known.delete(partition);
    ids.letAllGo();
    const day = dayPartitionOf(partition);
    const users = this.usersOfDays.get(day);
    if (!users || --users.windows > 0) return bytes;
    this.usersOfDays.delete(day);
    return bytes + users.digests.bytes;
  }
}
