import type { Run } from "../../consume/run";
import { metricNames } from "../../observe/metrics";
import { backoff } from "../../retry";
import type { Entry, NumberedEntry } from "./entry";
import { KnownWindows, type Room } from "./knownWindows";
import { entriesOf, write } from "./log";
import type { CountedWindow } from "./window";

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Whether two entries say the same: where it was not the first try, it was our own write whose answer was lost. */
const isSame = (a: Entry, b: Entry): boolean =>
  sameBytes(a.ids, b.ids) &&
  a.folded.size === b.folded.size &&
  [...a.folded].every(([hour, count]) => b.folded.get(hour) === count);

/** Of many writers at the same moment, one wins each time. */
const mostAttempts = 40;
/** From then on it is waited a little, so that not all try at once again. */
const patientAttempts = 4;
const pause = { attempts: mostAttempts, baseMs: 10, capMs: 200 };

export interface Appended {
  number: number;
}

type Decide = (window: CountedWindow) => Entry | undefined | Promise<Entry | undefined>;

/**
 * The windows that a process knows. That a window is known here only saves reading it: what is counted is decided by the
 * condition under which an entry is written.
 */
export class Windows {
  private readonly known: KnownWindows;

  constructor(room: Room) {
    this.known = new KnownWindows(room);
  }

  /** Adds to a log what `decide` makes of what is there, anew whenever another writer came first. */
  async append(
    partition: string,
    decide: Decide,
    expiresAt: number | undefined,
    run: Run,
  ): Promise<Appended | undefined> {
    const isKnown = this.known.has(partition);
    return this.using(partition, run, async (window) => {
      if (!isKnown) await this.read(window, run);
      else if (window.contended) window.contended = await this.catchUp(window, run);
      return this.appendTo(window, decide, expiresAt, run);
    });
  }

  /** Whether it is known here that a window has something in it. */
  isBegun(partition: string): boolean {
    return this.known.has(partition) && this.known.get(partition).next > 0;
  }

  /** Everything that is in a window at this moment. */
  async current(partition: string, run: Run): Promise<CountedWindow> {
    return this.using(partition, run, (window) => this.read(window, run));
  }

  private async appendTo(
    window: CountedWindow,
    decide: Decide,
    expiresAt: number | undefined,
    run: Run,
  ): Promise<Appended | undefined> {
    for (let attempt = 1; ; attempt++) {
      const numbered = await this.decided(window, decide);
      if (!numbered) return undefined;
      const taken = await write(window.partition, numbered, expiresAt, run);
      this.take(window, [taken?.by ?? numbered]);
      if (!taken || (taken.tries > 1 && isSame(taken.by, numbered))) return { number: numbered.number };
      run.meter.add(metricNames.streamConflicts);
      window.contended = true;
      if (attempt === mostAttempts) throw taken.error;
      await this.yield(window, attempt, run);
    }
  }

  /** Decided anew where others of this process added to the window meanwhile: the next number is free for them too. */
  private async decided(window: CountedWindow, decide: Decide): Promise<NumberedEntry | undefined> {
    for (;;) {
      const { next } = window;
      const entry = await decide(window);
      if (!entry) return undefined;
      if (window.next === next) return window.number(entry);
    }
  }

  /** The next number is tried at once, with what its holder had written; whoever loses again and again lets others go first. */
  private async yield(window: CountedWindow, attempt: number, run: Run): Promise<void> {
    if (attempt <= patientAttempts) return;
    await run.sleep(backoff(attempt - patientAttempts, pause, run.random));
    await this.catchUp(window, run);
  }

  /** As long as it is used, it is not forgotten. */
  private async using<T>(partition: string, run: Run, work: (window: CountedWindow) => Promise<T>): Promise<T> {
    const window = this.known.get(partition);
    window.usedBy++;
    try {
      return await work(window);
    } finally {
      window.usedBy--;
      this.known.shelf.tell(run);
    }
  }

  private async read(window: CountedWindow, run: Run): Promise<CountedWindow> {
    await this.catchUp(window, run);
    this.known.tidy(window);
    return window;
  }

  /** Takes in what others wrote since, and says whether that was anything. */
  private async catchUp(window: CountedWindow, run: Run): Promise<boolean> {
    const before = window.next;
    for await (const entries of entriesOf(window.partition, { from: window.next }, run)) this.take(window, entries);
    return window.next > before;
  }

  private take(window: CountedWindow, entries: readonly NumberedEntry[]): void {
    const { timesPutAway } = window.ids;
    for (const entry of entries) window.take(entry);
    if (window.ids.timesPutAway > timesPutAway) this.known.tidy(window);
  }
}
