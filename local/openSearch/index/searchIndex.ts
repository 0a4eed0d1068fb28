import type { Cancel } from "../../cloud/clock";
import type { Cloud } from "../../cloud/cloud";
import { illegalArgument } from "../errors";
import type { Json } from "../json";
import { Mapping } from "../mapping/mapping";
import { isKnn } from "../mapping/properties";
import { contentOf, type Document } from "./content";
import type { Entry, IndexEntry } from "./kept";
import { Segment } from "./segment";
import { refreshMs } from "./settings";
import { type Condition, type Known, nextVersion } from "./versions";

export interface Alias {
  is_write_index?: boolean;
}

export interface Written {
  id: string;
  result: "created" | "updated" | "deleted" | "not_found" | "noop";
  version: number;
  seqNo: number;
}

/** For so long the version of what was deleted is remembered. */
const graveMs = 60_000;
const longestId = 512;

/** Documents: by id as they are, for searches as they were at the last refresh. */
export class SearchIndex {
  readonly name: string;
  readonly uuid: string;
  readonly createdAt: number;
  readonly segment = new Segment();
  mapping: Mapping;
  settings: Json;
  aliases: ReadonlyMap<string, Alias>;

  readonly #documents = new Map<string, Document>();
  readonly #graves = new Map<string, { version: number; seqNo: number; at: number }>();
  readonly #unseen = new Set<string>();
  #waiting: (() => void)[] = [];
  #refresh: Cancel | undefined;
  #nextSeqNo = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly record: (entry: Entry) => void,
    entry: Omit<IndexEntry, "kind">,
  ) {
    this.name = entry.name;
    this.uuid = entry.uuid;
    this.createdAt = entry.createdAt;
    this.settings = entry.settings;
    this.aliases = new Map(Object.entries(entry.aliases));
    this.mapping = new Mapping(entry.mapping, isKnn(entry.settings));
  }

  find(id: string): Document | undefined {
    return this.#documents.get(id);
  }

  /** Changes what is said of the index as a whole. */
  configure(change: { mapping?: Mapping; settings?: Json; aliases?: ReadonlyMap<string, Alias> }): void {
    Object.assign(this, change);
    this.record(this.entry());
    this.#planRefresh();
  }

  put(id: string, source: Json, condition: Condition): Written {
    const bytes = Buffer.byteLength(id);
    if (bytes > longestId) {
      throw illegalArgument(`id [${id}] is too long, must be no longer than ${longestId} bytes but was: ${bytes}`);
    }
    const known = this.#known(id);
    const content = contentOf(source, id, this.mapping);
    const version = nextVersion({ index: this.name, uuid: this.uuid, id }, known, condition);
    const document: Document = { id, source, version, seqNo: this.#nextSeqNo, content };
    this.#take(document);
    this.record({ kind: "document", index: this.name, id, source, version, seqNo: document.seqNo });
    this.#notice(id);
    return { id, result: known && !known.deleted ? "updated" : "created", version, seqNo: document.seqNo };
  }

  delete(id: string, condition: Condition): Written {
    const known = this.#known(id);
    const version = nextVersion({ index: this.name, uuid: this.uuid, id }, known, condition);
    const seqNo = this.#nextSeqNo;
    const found = known !== undefined && !known.deleted;
    this.#bury(id, version, seqNo, this.cloud.clock.now());
    this.record({ kind: "deletion", index: this.name, id, version, seqNo, at: this.cloud.clock.now() });
    this.#notice(id);
    return { id, result: found ? "deleted" : "not_found", version, seqNo };
  }

  /** Lets searches see all that was written. */
  refresh(): void {
    this.#refresh?.();
    this.#refresh = undefined;
    for (const id of this.#unseen) {
      const document = this.#documents.get(id);
      if (document) this.segment.put(document);
      else this.segment.remove(id);
    }
    this.#unseen.clear();
    for (const told of this.#waiting.splice(0)) told();
  }

  /** Resolves once searches see all that was written by now. */
  async refreshed(): Promise<void> {
    if (this.#unseen.size > 0) await new Promise<void>((told) => this.#waiting.push(told));
  }

  /** Forgets the documents. */
  clear(): void {
    this.close();
    this.#documents.clear();
    this.#graves.clear();
    this.#unseen.clear();
    this.segment.clear();
    for (const told of this.#waiting.splice(0)) told();
  }

  close(): void {
    this.#refresh?.();
    this.#refresh = undefined;
  }

  /** As it was kept. */
  restore(entry: Entry): void {
    if (entry.kind === "document") {
      const { id, source, version, seqNo } = entry;
      this.#take({ id, source, version, seqNo, content: contentOf(source, id, this.mapping) });
      this.#unseen.add(id);
    } else if (entry.kind === "deletion") {
      this.#bury(entry.id, entry.version, entry.seqNo, entry.at);
      this.#unseen.add(entry.id);
    }
  }

  entry(): IndexEntry {
    const { name, uuid, createdAt, settings, mapping } = this;
    const aliases = Object.fromEntries(this.aliases);
    return { kind: "index", name, uuid, createdAt, settings, mapping: mapping.declared, aliases };
  }

  *story(): Iterable<Entry> {
    yield this.entry();
    const index = this.name;
    for (const { id, source, version, seqNo } of this.#documents.values()) {
      yield { kind: "document", index, id, source, version, seqNo };
    }
    for (const [id, grave] of this.#graves) yield { kind: "deletion", index, id, ...grave };
  }

  #known(id: string): Known | undefined {
    const document = this.#documents.get(id);
    if (document) return { ...document, deleted: false };
    const grave = this.#graves.get(id);
    if (!grave) return undefined;
    if (this.cloud.clock.now() - grave.at <= graveMs) return { ...grave, deleted: true };
    this.#graves.delete(id);
    return undefined;
  }

  #take(document: Document): void {
    this.#documents.set(document.id, document);
    this.#graves.delete(document.id);
    this.#nextSeqNo = Math.max(this.#nextSeqNo, document.seqNo + 1);
  }

  #bury(id: string, version: number, seqNo: number, at: number): void {
    this.#documents.delete(id);
    this.#graves.set(id, { version, seqNo, at });
    this.#nextSeqNo = Math.max(this.#nextSeqNo, seqNo + 1);
  }

  #notice(id: string): void {
    this.#unseen.add(id);
    this.#planRefresh();
  }

  #planRefresh(): void {
    const wait = refreshMs(this.settings);
    if (this.#refresh || wait === undefined || this.#unseen.size === 0) return;
    this.#refresh = this.cloud.clock.after(wait, "work", () => {
      this.#refresh = undefined;
      this.refresh();
    });
  }
}
