import type { Cloud } from "../cloud/cloud";
import { Journal } from "../cloud/journal";
import { clientNotFound, poolNotFound } from "./errors";
import { type Change, type Client, Pool, type PoolSettings } from "./pool";
import { type KeptKey, newKey, Signing } from "./signing";

type Kept = Change | { kind: "key"; pool: string; key: KeptKey };

/** All pools, kept across restarts where there is a journal; keys too, so that a token outlives a restart. */
export class Pools {
  readonly #pools = new Map<string, Pool>();
  readonly #journal: Journal<Kept> | undefined;
  /** Of pools that are not declared yet. */
  readonly #left: Kept[];
  readonly #keys = new Map<string, KeptKey[]>();

  constructor(
    private readonly cloud: Cloud,
    file: string | undefined,
  ) {
    this.#journal = file === undefined ? undefined : new Journal<Kept>(file);
    this.#left = this.#journal?.read() ?? [];
  }

  async declare(id: string, issuer: string, settings: PoolSettings): Promise<Pool> {
    const left = this.#left.filter((entry) => entry.pool === id);
    const keys = left.flatMap((entry) => (entry.kind === "key" ? [entry.key] : []));
    if (keys.length === 0) {
      for (const purpose of ["id", "access"] as const) {
        const key = await newKey(purpose, Buffer.from(this.cloud.newId()).toString("base64url"));
        keys.push(key);
        this.#journal?.append({ kind: "key", pool: id, key });
      }
    }
    const pool = new Pool(id, issuer, settings, new Signing(keys), (change) => this.#journal?.append(change));
    for (const entry of left) if (entry.kind !== "key") pool.restore(entry);
    this.#keys.set(id, keys);
    this.#pools.set(id, pool);
    return pool;
  }

  all(): Pool[] {
    return [...this.#pools.values()];
  }

  get(id: string): Pool {
    const pool = this.#pools.get(id);
    if (!pool) throw poolNotFound(id);
    return pool;
  }

  /** A client, with its pool. */
  client(id: string): { pool: Pool; client: Client } {
    for (const pool of this.#pools.values()) {
      const client = pool.clients.get(id);
      if (client) return { pool, client };
    }
    throw clientNotFound(id);
  }

  close(): void {
    const now = this.cloud.clock.now();
    const keys = [...this.#keys].flatMap(([pool, kept]) => kept.map((key): Kept => ({ kind: "key", pool, key })));
    if (this.#pools.size > 0) this.#journal?.rewrite([...keys, ...this.all().flatMap((pool) => [...pool.story(now)])]);
    this.#journal?.close();
  }
}
