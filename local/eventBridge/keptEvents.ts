import type { Journal } from "../cloud/journal";
import type { BusEvent } from "./bus";
import type { EventEnvelope } from "./envelope";

/** What must still be there after a restart: archived events, and those that a target has yet to get. */
export type Kept =
  | { kind: "archived"; archive: string; event: EventEnvelope; at: number }
  | { kind: "accepted"; id: string; rule: string; target: string; event: BusEvent; acceptedAt: number }
  | { kind: "ended"; id: string };

export type Accepted = Extract<Kept, { kind: "accepted" }>;
export type Archived = Extract<Kept, { kind: "archived" }>;

/** Writes down what EventBridge promises before it answers. Without a journal it promises nothing beyond this process. */
export class KeptEvents {
  #left: Accepted[] = [];
  #archived: Archived[] = [];

  constructor(
    private readonly newId: () => string,
    private readonly journal?: Journal<Kept>,
  ) {
    if (!journal) return;
    const entries = journal.read();
    const ended = new Set(entries.flatMap((entry) => (entry.kind === "ended" ? [entry.id] : [])));
    this.#left = entries.filter((entry) => entry.kind === "accepted").filter(({ id }) => !ended.has(id));
    this.#archived = entries.filter((entry) => entry.kind === "archived");
    journal.rewrite([...this.#archived, ...this.#left]);
  }

  archive(archive: string, event: EventEnvelope, at: number): void {
    this.journal?.append({ kind: "archived", archive, event, at });
  }

  /** Answers the id under which the end of it is told. */
  accept(rule: string, target: string, event: BusEvent, acceptedAt: number): string {
    const id = this.newId();
    this.journal?.append({ kind: "accepted", id, rule, target, event, acceptedAt });
    return id;
  }

  end(id: string): void {
    this.journal?.append({ kind: "ended", id });
  }

  /** What an earlier process owes this target. */
  takeLeft(rule: string, target: string): Accepted[] {
    const owed = (one: Accepted) => one.rule === rule && one.target === target;
    const taken = this.#left.filter(owed);
    this.#left = this.#left.filter((one) => !owed(one));
    return taken;
  }

  archivedIn(archive: string): Archived[] {
    return this.#archived.filter((one) => one.archive === archive);
  }

  clear(): void {
    this.#left = [];
    this.#archived = [];
    this.journal?.rewrite([]);
  }

  close(): void {
    this.journal?.close();
  }
}
