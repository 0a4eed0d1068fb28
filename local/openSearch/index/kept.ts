import { BoundedJournal } from "../../cloud/boundedJournal";
import { Journal } from "../../cloud/journal";
import type { Json } from "../json";
import type { Alias } from "./searchIndex";

/** An index as a whole, as it is now. */
export interface IndexEntry {
  kind: "index";
  name: string;
  uuid: string;
  createdAt: number;
  settings: Json;
  mapping: Json;
  aliases: Record<string, Alias>;
}

export type Entry =
  | IndexEntry
  | { kind: "index is gone"; name: string }
  | { kind: "document"; index: string; id: string; source: Json; version: number; seqNo: number }
  | { kind: "deletion"; index: string; id: string; version: number; seqNo: number; at: number }
  | { kind: "roles" | "rolesmapping"; name: string; value: Json | undefined };

/** Where a domain is kept across restarts, if it is. What one call changed is written together, before it is answered. */
export class Kept {
  #changes: Entry[] = [];
  #journal: BoundedJournal<Entry> | undefined;

  /** Reads what there is, and begins anew with what of it still counts. */
  open(path: string, restore: (entry: Entry) => void, story: () => Iterable<Entry>): void {
    const journal = new Journal<Entry>(path);
    for (const entry of journal.read()) restore(entry);
    this.#changes = [];
    this.#journal = new BoundedJournal(journal, story);
  }

  record(entry: Entry): void {
    this.#changes.push(entry);
  }

  commit(): void {
    const changes = this.#changes;
    this.#changes = [];
    this.#journal?.append(changes);
  }

  /** Begins anew with what counts now. */
  cutDown(): void {
    this.#changes = [];
    this.#journal?.cutDown();
  }

  close(): void {
    this.#journal?.close();
  }
}
