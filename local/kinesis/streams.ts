import type { AwsError } from "../cloud/awsError";
import type { BoundedJournal } from "../cloud/boundedJournal";
import type { Cloud } from "../cloud/cloud";
import type { Journal } from "../cloud/journal";
import { billRead, billWrite } from "./billing";
import { streamExists, streamNotFound, throughputExceeded } from "./errors";
import { type HashKey, hashOf } from "./hashKey";
import { firstShards, openShards, type Resharding, uniform } from "./reshard";
import type { StreamSettings } from "./settings";
import type { Position, Shard, StoredRecord } from "./shard";
import { type Change, restored, Store, type StoredStream } from "./store";
import type { StreamMetrics } from "./streamMetrics";
import { Throughput } from "./throughput";

/** A record that is to be put, and found fit. */
export interface Entry {
  partitionKey: string;
  /** In base64. */
  data: string;
  bytes: number;
  /** Where it goes, if its partition key does not say. */
  explicitHashKey?: HashKey | undefined;
}

export interface Placed {
  shard: Shard;
  sequenceNumber: string;
}

export interface Reading {
  records: StoredRecord[];
  /** The number of the last record that was looked at. Undefined: there was none. */
  through: string | undefined;
  /** There is more that was asked for. */
  more: boolean;
  /** Nothing more will come: the shard is closed, and read to its end. */
  ended: boolean;
  behindMs: number;
}

export interface Limits {
  max: number;
  maxBytes: number;
  /** Which records to take; the others are passed over. @default all */
  wanted?: ((record: StoredRecord) => boolean) | undefined;
}

type Listener = (changed: readonly Shard[]) => void;

const hour = 3_600_000;

/** The streams: what is in them, in order, and where it goes. */
export class Streams {
  readonly #store: Store;
  readonly #kept: BoundedJournal<Change> | undefined;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly throughput: Throughput;

  constructor(
    private readonly cloud: Cloud,
    readonly metrics: StreamMetrics,
    journal?: Journal<Change>,
    mostBytes?: number,
  ) {
    this.throughput = new Throughput(() => cloud.clock.now());
    if (!journal) {
      this.#store = new Store(() => undefined);
      return;
    }
    const { store, kept } = restored(journal, mostBytes);
    this.#store = store;
    this.#kept = kept;
    store.tell((changes) => kept.append(changes));
  }

  /** With what has expired let go. */
  existing(name: string): StoredStream {
    const stream = this.#store.find(name);
    if (!stream) throw streamNotFound(name);
    const horizon = this.cloud.clock.now() - stream.settings.retentionHours * hour;
    for (const shard of stream.shards) shard.trim(horizon);
    return stream;
  }

  names(): string[] {
    return this.#store
      .all()
      .map(({ name }) => name)
      .sort();
  }

  has(name: string): boolean {
    return this.#store.find(name) !== undefined;
  }

  create(name: string, settings: StreamSettings, shardCount: number): StoredStream {
    if (this.has(name)) throw streamExists(name);
    const at = this.cloud.clock.now();
    this.#store.apply([{ kind: "created", stream: name, at, settings, shards: firstShards(shardCount, at) }]);
    return this.existing(name);
  }

  /** As the program has it: one that is there from before keeps its records. */
  declare(name: string, settings: StreamSettings, shardCount: number | undefined): StoredStream {
    if (!this.has(name)) return this.create(name, settings, shardCount ?? 1);
    this.configure(name, settings);
    const stream = this.existing(name);
    if (shardCount !== undefined && openShards(stream).length !== shardCount) {
      this.reshard(name, uniform(stream, shardCount, this.cloud.clock.now()));
    }
    return stream;
  }

  configure(name: string, changes: Partial<StreamSettings>): void {
    const { settings } = this.existing(name);
    this.#store.apply([{ kind: "configured", stream: name, settings: { ...settings, ...changes } }]);
  }

  drop(name: string): void {
    const { shards } = this.existing(name);
    this.#store.apply([{ kind: "dropped", stream: name }]);
    this.#tell(name, shards);
  }

  reshard(name: string, { closed, opened }: Resharding): void {
    this.#store.apply([{ kind: "resharded", stream: name, at: this.cloud.clock.now(), closed, opened }]);
    this.#tell(name, this.existing(name).shards);
  }

  /** What does not fit into its shard's throughput is refused by itself. */
  put(name: string, entries: readonly Entry[]): (Placed | AwsError)[] {
    const stream = this.existing(name);
    const at = this.cloud.clock.now();
    const open = openShards(stream);
    const byShard = new Map<Shard, StoredRecord[]>();
    const outcomes = entries.map(({ explicitHashKey, partitionKey, data, bytes }): Placed | AwsError => {
      const hash = hashOf(partitionKey);
      const key = explicitHashKey ?? hash;
      const shard = open.find(({ range }) => key >= range.from && key <= range.to);
      if (!shard) throw new Error(`no shard of ${name} takes ${key}`);
      if (!this.throughput.admitsWrite(stream, shard, bytes)) return throughputExceeded(shard.id, name);
      const records = byShard.get(shard) ?? [];
      byShard.set(shard, records);
      const sequenceNumber = shard.sequenceFor(records.length, at);
      records.push({ sequenceNumber, at, partitionKey, data, bytes, lane: Number.parseInt(hash.slice(-8), 16) });
      return { shard, sequenceNumber };
    });
    const changes = [...byShard].map(
      ([{ index }, records]): Change => ({ kind: "put", stream: name, shard: index, records }),
    );
    this.#store.apply(changes);
    this.#account(stream, [...byShard.values()].flat(), entries.length);
    if (changes.length > 0) this.#tell(name, [...byShard.keys()]);
    return outcomes;
  }

  read(name: string, shard: Shard, from: Position, { max, maxBytes, wanted }: Limits): Reading {
    const { records: stored } = shard;
    const records: StoredRecord[] = [];
    let bytes = 0;
    const first = shard.indexAt(from);
    let next = first;
    for (; next < stored.length && records.length < max; next++) {
      const record = stored[next];
      if (!record || (wanted && !wanted(record))) continue;
      if (records.length > 0 && bytes + record.bytes > maxBytes) break;
      records.push(record);
      bytes += record.bytes;
    }
    // By now: what expires while this is accounted for moves all others to the front.
    const waiting = stored[next];
    const through = next > first ? stored[next - 1]?.sequenceNumber : undefined;
    const now = this.cloud.clock.now();
    billRead(this.cloud, this.existing(name), bytes);
    const newest = records.at(-1);
    if (newest) {
      this.metrics.put(name, {
        "GetRecords.Bytes": bytes,
        "GetRecords.Records": records.length,
        "GetRecords.IteratorAgeMilliseconds": now - newest.at,
      });
    }
    return {
      records,
      through,
      more: waiting !== undefined,
      ended: shard.closedAt !== undefined && !waiting,
      behindMs: waiting ? now - waiting.at : 0,
    };
  }

  /** Calls `listener` with shards that have more to read, or have ended; the answer ends it. */
  onChange(name: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set<Listener>();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Forgets all records. */
  empty(): void {
    this.#store.apply(this.#store.all().map(({ name: stream }) => ({ kind: "emptied", stream })));
    this.#kept?.cutDown();
  }

  close(): void {
    this.#kept?.close();
  }

  #tell(name: string, changed: readonly Shard[]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(changed);
  }

  #account(stream: StoredStream, records: readonly StoredRecord[], asked: number): void {
    billWrite(
      this.cloud,
      stream,
      records.map(({ bytes }) => bytes),
    );
    this.metrics.put(stream.name, {
      IncomingBytes: records.reduce((sum, { bytes }) => sum + bytes, 0),
      IncomingRecords: records.length,
      WriteProvisionedThroughputExceeded: asked - records.length,
    });
  }
}
