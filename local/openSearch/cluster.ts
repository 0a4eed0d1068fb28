import type { Cloud } from "../cloud/cloud";
import { illegalArgument, indexNotFound, refuse } from "./errors";
import type { Entry } from "./index/kept";
import { type Alias, SearchIndex } from "./index/searchIndex";
import type { Json } from "./json";
import { wildcard } from "./wildcard";

const invalidName = (name: string, why: string) =>
  refuse({ type: "invalid_index_name_exception", reason: `Invalid index name [${name}], ${why}`, index: name });

const checkName = (name: string): void => {
  if (name !== name.toLowerCase()) throw invalidName(name, "must be lowercase");
  if (/[\\/*?"<>| ,#:]/.test(name)) {
    throw invalidName(name, 'must not contain the following characters [ , ", *, \\, <, |, ,, >, /, ?]');
  }
  if (/^[_+-]/.test(name)) throw invalidName(name, "must not start with '_', '-', or '+'");
  if (name === "." || name === "..") throw invalidName(name, "must not be '.' or '..'");
  if (Buffer.byteLength(name) > 255) throw invalidName(name, `index name is too long, (${name.length} > 255)`);
};

/** The indices of a domain, by their names and aliases. */
export class Cluster {
  readonly #indices = new Map<string, SearchIndex>();

  constructor(
    private readonly cloud: Cloud,
    private readonly record: (entry: Entry) => void,
  ) {}

  all(): SearchIndex[] {
    return [...this.#indices.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): SearchIndex | undefined {
    return this.#indices.get(name);
  }

  withAlias(alias: string): SearchIndex[] {
    return this.all().filter(({ aliases }) => aliases.has(alias));
  }

  /** All that an expression of names, aliases and wildcards means. */
  resolve(expression: string, { ignoreMissing = false } = {}): SearchIndex[] {
    const found = new Set<SearchIndex>();
    for (const name of expression === "_all" ? ["*"] : expression.split(",")) {
      const matching = /[*?]/.test(name) ? this.#matching(wildcard(name)) : this.#named(name);
      if (matching.length === 0 && !/[*?]/.test(name) && !ignoreMissing) throw indexNotFound(name);
      for (const index of matching) found.add(index);
    }
    return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Where to write to; nothing here makes an index unasked. */
  writeTarget(name: string, { onlyAlias = false } = {}): SearchIndex {
    const aliased = this.withAlias(name);
    if (onlyAlias && aliased.length === 0) {
      const reason = `no such index [${name}] and [require_alias] request flag is [true] and [${name}] is not an alias`;
      throw refuse({ type: "index_not_found_exception", reason, index: name, index_uuid: "_na_" }, 404);
    }
    const index = this.#indices.get(name);
    if (index) return index;
    const [first] = aliased;
    if (!first) throw indexNotFound(name);
    const writing = aliased.filter(({ aliases }) => aliases.get(name)?.is_write_index === true);
    const target = writing[0] ?? (aliased.length === 1 ? first : undefined);
    if (!target || target.aliases.get(name)?.is_write_index === false) {
      throw illegalArgument(
        `no write index is defined for alias [${name}]. The write index may be explicitly disabled using is_write_index=false or the alias points to multiple indices without one being designated as a write index`,
      );
    }
    return target;
  }

  create(name: string, settings: Json, mapping: Json, aliases: Record<string, Alias>): SearchIndex {
    checkName(name);
    const there = this.#indices.get(name);
    if (there) {
      const reason = `index [${name}/${there.uuid}] already exists`;
      throw refuse({ type: "resource_already_exists_exception", reason, index: name, index_uuid: there.uuid });
    }
    if (this.withAlias(name).length > 0) throw invalidName(name, "already exists as alias");
    const uuid = this.cloud.newId().replaceAll("-", "").slice(0, 22);
    const createdAt = this.cloud.clock.now();
    const made = new SearchIndex(this.cloud, this.record, { name, uuid, createdAt, settings, mapping, aliases });
    this.#indices.set(name, made);
    this.record(made.entry());
    return made;
  }

  delete(index: SearchIndex): void {
    index.clear();
    this.#indices.delete(index.name);
    this.record({ kind: "index is gone", name: index.name });
  }

  restore(entry: Entry): void {
    if (entry.kind === "index") {
      const there = this.#indices.get(entry.name);
      const made = new SearchIndex(this.cloud, this.record, entry);
      // What is said of an index later says nothing of its documents.
      for (const one of there?.story() ?? []) made.restore(one);
      this.#indices.set(entry.name, made);
    } else if (entry.kind === "index is gone") this.#indices.delete(entry.name);
    else if (entry.kind === "document" || entry.kind === "deletion") this.#indices.get(entry.index)?.restore(entry);
  }

  #named(name: string): SearchIndex[] {
    const index = this.#indices.get(name);
    return index ? [index] : this.withAlias(name);
  }

  #matching(pattern: RegExp): SearchIndex[] {
    return this.all().filter(
      ({ name, aliases }) => pattern.test(name) || [...aliases.keys()].some((one) => pattern.test(one)),
    );
  }
}
