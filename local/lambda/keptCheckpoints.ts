import { BoundedJournal } from "../cloud/boundedJournal";
import type { Journal } from "../cloud/journal";

/** How far a function is with a shard: a sequence number for each of its lanes. */
export interface Checkpoint {
  functionName: string;
  sourceArn: string;
  shardId: string;
  lanes: readonly string[];
}

const keyOf = ({ functionName, sourceArn, shardId }: Omit<Checkpoint, "lanes">): string =>
  [functionName, sourceArn, shardId].join(" ");

/** Where functions are with their streams, also for a later process if there is a journal. */
export class KeptCheckpoints {
  readonly #known = new Map<string, Checkpoint>();
  readonly #journal: BoundedJournal<Checkpoint> | undefined;

  constructor(journal: Journal<Checkpoint> | undefined) {
    if (!journal) return;
    for (const checkpoint of journal.read()) this.#known.set(keyOf(checkpoint), checkpoint);
    this.#journal = new BoundedJournal(journal, () => this.#known.values());
  }

  find(of: Omit<Checkpoint, "lanes">): readonly string[] | undefined {
    return this.#known.get(keyOf(of))?.lanes;
  }

  put(checkpoint: Checkpoint): void {
    this.#known.set(keyOf(checkpoint), checkpoint);
    this.#journal?.append([checkpoint]);
  }

  close(): void {
    this.#journal?.close();
  }
}
