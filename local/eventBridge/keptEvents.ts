import { BoundedJournal } from "../cloud/boundedJournal";
import type { Journal } from "../cloud/journal";
import type { BusEvent } from "./bus";
import type { EventEnvelope } from "./envelope";

/** What must still be there after a restart: archived events, and those that a target has yet to get. */
export type Kept =
  | { kind: "archived"; archive: string; event: EventEnvelope; at: number }
  | { kind: "accepted"; id: string; rule: string; target: string; event: BusEvent; acceptedAt: number }
  | { kind: "ended"; id: string };

export type Accepted = Extract<Kept, { kind: "accepted" }>;
type Archived = Extract<Kept, { kind: "archived" }>;

/** An event in an archive, since when. */
export interface ArchivedEvent {
  event: EventEnvelope;
  at: number;
}

/** Writes down what EventBridge promises before it answers. Without a journal it promises nothing beyond this process. */
export class KeptEvents {
  /** What was accepted and has not ended, by id; and what of that is an earlier process's. */
  readonly #owed = new Map<string, Accepted>();
  #left: Accepted[] = [];
  /** An earlier process's, for archives that are not declared yet. */
  #archived: Archived[] = [];
  readonly #archives = new Map<string, () => readonly ArchivedEvent[]>();
  readonly #journal: BoundedJournal<Kept> | undefined;

  constructor(
    private readonly newId: () => string,
    journal?: Journal<Kept>,
    mostBytes?: number,
  ) {
    if (!journal) return;
    for (const entry of journal.read()) {
      if (entry.kind === "archived") this.#archived.push(entry);
      else if (entry.kind === "accepted") this.#owed.set(entry.id, entry);
      else this.#owed.delete(entry.id);
    }
    this.#left = [...this.#owed.values()];
    this.#journal = new BoundedJournal(journal, () => this.#story(), mostBytes);
  }

  archive(archive: string, event: EventEnvelope, at: number): void {
    this.#journal?.append([{ kind: "archived", archive, event, at }]);
  }

  /** Answers the id under which the end of it is told. */
  accept(rule: string, target: string, event: BusEvent, acceptedAt: number): string {
    const id = this.newId();
    if (this.#journal) {
      const accepted: Accepted = { kind: "accepted", id, rule, target, event, acceptedAt };
      this.#owed.set(id, accepted);
      this.#journal.append([accepted]);
    }
    return id;
  }

  end(id: string): void {
    this.#owed.delete(id);
    this.#journal?.append([{ kind: "ended", id }]);
  }

  /** What an earlier process owes this target. */
  takeLeft(rule: string, target: string): Accepted[] {
    const owed = (one: Accepted) => one.rule === rule && one.target === target;
    const taken = this.#left.filter(owed);
    this.#left = this.#left.filter((one) => !owed(one));
    return taken;
  }

  /** What an earlier process archived there. From now on `events` tells what is in it. */
  takeArchived(archive: string, events: () => readonly ArchivedEvent[]): ArchivedEvent[] {
    const taken = this.#archived.filter((one) => one.archive === archive);
    this.#archived = this.#archived.filter((one) => one.archive !== archive);
    this.#archives.set(archive, events);
    return taken.map(({ event, at }) => ({ event, at }));
  }

  /** After all archives were emptied. */
  clear(): void {
    this.#owed.clear();
    this.#left = [];
    this.#archived = [];
    this.#journal?.cutDown();
  }

  close(): void {
    this.#journal?.close();
  }

  *#story(): Iterable<Kept> {
    yield* this.#archived;
    for (const [archive, events] of this.#archives) {
      for (const { event, at } of events()) yield { kind: "archived", archive, event, at };
    }
    yield* this.#owed.values();
  }
}
