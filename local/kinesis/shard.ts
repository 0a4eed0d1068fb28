import type { Range } from "./hashKey";
import { endingIndex, sequenceNumber } from "./sequence";

/** A record as it lies in its shard. */
export interface StoredRecord {
  sequenceNumber: string;
  /** When it arrived. */
  at: number;
  partitionKey: string;
  /** In base64, as it came and as it goes. */
  data: string;
  /** What of its size counts against limits. */
  bytes: number;
  /** A hash of its partition key that says nothing of its shard: by it a shard's work is divided. */
  lane: number;
}

/** A shard without its records, as plain data. */
export interface ShardFacts {
  index: number;
  /** Whose records come before those of this one. */
  parents: number[];
  range: Range;
  createdAt: number;
  /** The index that the next record gets. */
  next: number;
  closedAt?: number;
}

/** Where in a shard to go on reading. */
export interface Position {
  sequence: string;
  /** Whether a record with just this number is read too. @default false */
  inclusive?: boolean | undefined;
}

export const shardIdOf = (index: number): string => `shardId-${String(index).padStart(12, "0")}`;

/** As calls name shards: the whole id, or its number alone. */
export const shardIndexOf = (shardId: string): number | undefined => {
  const digits = /^(?:shardId-)?(\d{1,12})$/.exec(shardId)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

export class Shard {
  readonly #records: StoredRecord[] = [];
  #next: number;
  #closedAt: number | undefined;

  constructor(
    private readonly made: Omit<ShardFacts, "next" | "closedAt">,
    next: number,
    closedAt?: number,
  ) {
    this.#next = next;
    this.#closedAt = closedAt;
  }

  get index(): number {
    return this.made.index;
  }

  get id(): string {
    return shardIdOf(this.made.index);
  }

  get range(): Range {
    return this.made.range;
  }

  get createdAt(): number {
    return this.made.createdAt;
  }

  get closedAt(): number | undefined {
    return this.#closedAt;
  }

  /** Whose records come before those of this one. */
  get parents(): readonly number[] {
    return this.made.parents;
  }

  get facts(): ShardFacts {
    return { ...this.made, next: this.#next, ...(this.#closedAt !== undefined && { closedAt: this.#closedAt }) };
  }

  get records(): readonly StoredRecord[] {
    return this.#records;
  }

  /** Less than that of any record. */
  get startingSequence(): string {
    return this.#numbered(0, this.createdAt);
  }

  /** Greater than that of any record. Undefined while more may come. */
  get endingSequence(): string | undefined {
    return this.#closedAt === undefined ? undefined : this.#numbered(endingIndex, this.#closedAt);
  }

  /** The number of what came last, whether or not it is still there. */
  lastSequence(now: number): string {
    return this.#records.at(-1)?.sequenceNumber ?? this.#numbered(this.#next - 1, now);
  }

  /** The number for the record that is as many after the next. */
  sequenceFor(ahead: number, at: number): string {
    return this.#numbered(this.#next + ahead, at);
  }

  put(records: readonly StoredRecord[]): void {
    this.putBack(records);
    this.#next += records.length;
  }

  /** Records that have been counted already. */
  putBack(records: readonly StoredRecord[]): void {
    for (const record of records) this.#records.push(record);
  }

  close(at: number): void {
    this.#closedAt = at;
  }

  empty(): void {
    this.#records.length = 0;
  }

  /** Lets go what arrived before. */
  trim(moment: number): void {
    const kept = this.#records.findIndex(({ at }) => at >= moment);
    this.#records.splice(0, kept < 0 ? this.#records.length : kept);
  }

  /** Less than this record's number, and not less than that of any before it. */
  before(sequence: string): string {
    const at = this.indexAt({ sequence, inclusive: true });
    return this.#records[at - 1]?.sequenceNumber ?? this.startingSequence;
  }

  /** Where the first record lies that comes at or after this position. */
  indexAt({ sequence, inclusive = false }: Position): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const number = this.#records[middle]?.sequenceNumber ?? "";
      if (number < sequence || (number === sequence && !inclusive)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #numbered(index: number | bigint, at: number): string {
    return sequenceNumber({ shardCreatedAt: this.createdAt, index, at, shard: this.made.index });
  }
}
