import { BoundedJournal } from "../cloud/boundedJournal";
import type { Journal } from "../cloud/journal";
import { nameOf } from "./address";
import { Contents } from "./contents";
import type { StoredMessage } from "./message";
import { type QueueAttributes, type Settings, settingsOf } from "./settings";

/** All that can happen to queues, as plain data. Becoming visible is no change: it follows from the time. */
export type Change =
  | { kind: "created"; queue: string; at: number; attributes: QueueAttributes }
  | { kind: "configured"; queue: string; at: number; attributes: QueueAttributes }
  | { kind: "dropped"; queue: string; at: number }
  | { kind: "purged"; queue: string; at: number }
  | { kind: "put"; queue: string; at: number; message: StoredMessage }
  | { kind: "removed"; queue: string; at: number; id: string };

export interface StoredQueue {
  readonly arn: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly attributes: QueueAttributes;
  readonly settings: Settings;
  readonly contents: Contents;
}

/** The state of all queues. It changes by `apply` alone. */
export class Store {
  readonly #queues = new Map<string, StoredQueue>();

  constructor(private changed: (change: Change) => void) {}

  /** From now on this is told of changes. */
  tell(changed: (change: Change) => void): void {
    this.changed = changed;
  }

  /** The shortest story that leads here. */
  *story(): Iterable<Change> {
    for (const { arn, createdAt, modifiedAt, attributes, contents } of this.#queues.values()) {
      yield { kind: "created", queue: arn, at: createdAt, attributes };
      for (const message of contents.all()) yield { kind: "put", queue: arn, at: modifiedAt, message };
    }
  }

  find(arn: string): StoredQueue | undefined {
    return this.#queues.get(arn);
  }

  all(): StoredQueue[] {
    return [...this.#queues.values()];
  }

  apply(change: Change): void {
    const queue = this.#queues.get(change.queue);
    if (change.kind === "created") this.#configure(change, change.at, new Contents());
    else if (queue) {
      switch (change.kind) {
        case "configured":
          this.#configure(change, queue.createdAt, queue.contents);
          break;
        case "dropped":
          this.#queues.delete(change.queue);
          break;
        case "purged":
          queue.contents.clear();
          break;
        case "put":
          queue.contents.put(change.message, change.at);
          break;
        case "removed":
          queue.contents.remove(change.id);
          break;
      }
    }
    this.changed(change);
  }

  #configure(
    { queue: arn, at, attributes }: { queue: string; at: number; attributes: QueueAttributes },
    createdAt: number,
    contents: Contents,
  ): void {
    const settings = settingsOf(attributes, nameOf(arn));
    this.#queues.set(arn, { arn, createdAt, modifiedAt: at, attributes, settings, contents });
  }
}

/** The queues as they were left, and what keeps them from now on. */
export const restored = (
  journal: Journal<Change>,
  mostBytes?: number,
): { store: Store; kept: BoundedJournal<Change> } => {
  const store = new Store(() => undefined);
  for (const change of journal.read()) store.apply(change);
  return { store, kept: new BoundedJournal(journal, () => store.story(), mostBytes) };
};
