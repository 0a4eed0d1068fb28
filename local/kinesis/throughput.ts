import type { Shard } from "./shard";
import type { StoredStream } from "./store";

const second = 1_000;
const mebibyte = 2 ** 20;
/** Of a shard, in a second. */
const writtenRecords = 1_000;
const writtenBytes = mebibyte;
const reads = 5;
const readBytes = 2 * mebibyte;

interface Used {
  second: number;
  records: number;
  bytes: number;
}

/** What each shard takes and gives in a second of the cloud's time. */
export class Throughput {
  readonly #written = new WeakMap<Shard, Used>();
  readonly #read = new WeakMap<Shard, Used>();
  /** Until when a shard gives nothing, having given much at once. */
  readonly #resting = new WeakMap<Shard, number>();

  constructor(private readonly now: () => number) {}

  /** Whether the shard takes this too. One that goes by demand always does: it grows. */
  admitsWrite({ settings }: StoredStream, shard: Shard, bytes: number): boolean {
    if (settings.mode === "ON_DEMAND") return true;
    const used = this.#usedOf(this.#written, shard);
    if (used.records >= writtenRecords || (used.bytes > 0 && used.bytes + bytes > writtenBytes)) return false;
    used.records++;
    used.bytes += bytes;
    return true;
  }

  admitsRead(shard: Shard): boolean {
    if ((this.#resting.get(shard) ?? 0) > this.now()) return false;
    const used = this.#usedOf(this.#read, shard);
    if (used.records >= reads) return false;
    used.records++;
    return true;
  }

  /** A shard that gave more than it may in a second makes up for it. */
  given(shard: Shard, bytes: number): void {
    const ahead = (bytes / readBytes - 1) * second;
    if (ahead > 0) this.#resting.set(shard, this.now() + ahead);
  }

  #usedOf(all: WeakMap<Shard, Used>, shard: Shard): Used {
    const current = Math.floor(this.now() / second);
    const known = all.get(shard);
    if (known?.second === current) return known;
    const fresh = { second: current, records: 0, bytes: 0 };
    all.set(shard, fresh);
    return fresh;
  }
}
