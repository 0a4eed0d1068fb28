import { BoundedJournal } from "../cloud/boundedJournal";
import type { Journal } from "../cloud/journal";
import type { StreamSettings } from "./settings";
import { Shard, type ShardFacts, type StoredRecord } from "./shard";

/** All that can happen to streams, as plain data. Expiry is no change: it follows from the time. */
export type Change =
  | { kind: "created"; stream: string; at: number; settings: StreamSettings; shards: ShardFacts[] }
  | { kind: "configured"; stream: string; settings: StreamSettings }
  | { kind: "put"; stream: string; shard: number; records: readonly StoredRecord[] }
  | { kind: "kept"; stream: string; shard: number; records: readonly StoredRecord[] }
  | { kind: "resharded"; stream: string; at: number; closed: number[]; opened: ShardFacts[] }
  | { kind: "emptied"; stream: string }
  | { kind: "dropped"; stream: string };

export interface StoredStream {
  readonly name: string;
  readonly createdAt: number;
  settings: StreamSettings;
  /** By their index; none ever goes. */
  readonly shards: Shard[];
}

const shardOf = ({ next, closedAt, ...made }: ShardFacts): Shard => new Shard(made, next, closedAt);

/** The state of all streams. It changes by `apply` alone. */
export class Store {
  readonly #streams = new Map<string, StoredStream>();

  constructor(private changed: (changes: readonly Change[]) => void) {}

  /** From now on this is told of changes. */
  tell(changed: (changes: readonly Change[]) => void): void {
    this.changed = changed;
  }

  /** The shortest story that leads here. */
  *story(): Iterable<Change> {
    for (const { name: stream, createdAt: at, settings, shards } of this.#streams.values()) {
      yield { kind: "created", stream, at, settings, shards: shards.map(({ facts }) => facts) };
      for (const { index: shard, records } of shards) {
        if (records.length > 0) yield { kind: "kept", stream, shard, records };
      }
    }
  }

  find(name: string): StoredStream | undefined {
    return this.#streams.get(name);
  }

  all(): StoredStream[] {
    return [...this.#streams.values()];
  }

  apply(changes: readonly Change[]): void {
    for (const change of changes) this.#apply(change);
    this.changed(changes);
  }

  #apply(change: Change): void {
    if (change.kind === "created") {
      const { stream: name, at: createdAt, settings, shards } = change;
      this.#streams.set(name, { name, createdAt, settings, shards: shards.map(shardOf) });
      return;
    }
    const stream = this.#streams.get(change.stream);
    if (!stream) return;
    switch (change.kind) {
      case "configured":
        stream.settings = change.settings;
        break;
      case "put":
        stream.shards[change.shard]?.put(change.records);
        break;
      case "kept":
        stream.shards[change.shard]?.putBack(change.records);
        break;
      case "resharded":
        for (const index of change.closed) stream.shards[index]?.close(change.at);
        stream.shards.push(...change.opened.map(shardOf));
        break;
      case "emptied":
        for (const shard of stream.shards) shard.empty();
        break;
      case "dropped":
        this.#streams.delete(change.stream);
        break;
    }
  }
}

/** The streams as they were left, and what keeps them from now on. */
export const restored = (
  journal: Journal<Change>,
  mostBytes?: number,
): { store: Store; kept: BoundedJournal<Change> } => {
  const store = new Store(() => undefined);
  store.apply(journal.read());
  return { store, kept: new BoundedJournal(journal, () => store.story(), mostBytes) };
};
