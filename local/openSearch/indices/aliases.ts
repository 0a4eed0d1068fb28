import type { Cluster } from "../cluster";
import { illegalArgument, knownOnly, refuse } from "../errors";
import type { Alias, SearchIndex } from "../index/searchIndex";
import { asList, isObject, type Json, parseObject } from "../json";
import { acknowledged, type DomainOperations, indexNeeds, type Parts, type Request } from "../operation";
import type { Needs } from "../security/security";
import { Answer } from "../wire/protocol";

const aliasAction = "indices:admin/aliases";

const missing = (aliases: string) =>
  refuse({ type: "aliases_not_found_exception", reason: `aliases [${aliases}] missing`, "resource.id": aliases }, 404);

/** What the aliases will be once all is done; nothing of it is seen before. */
class Plan {
  readonly #aliases = new Map<SearchIndex, Map<string, Alias>>();
  readonly #removed = new Set<SearchIndex>();

  constructor(private readonly cluster: Cluster) {}

  add(index: SearchIndex, name: string, alias: Alias): void {
    if (/[\\/*?"<>| ,#:]|^[_+-]/.test(name) || name === "") {
      throw refuse({ type: "invalid_alias_name_exception", reason: `Invalid alias name [${name}]` });
    }
    const same = this.cluster.get(name);
    if (same && !this.#removed.has(same)) {
      const reason = `Invalid alias name [${name}]: an index or data stream exists with the same name as the alias`;
      throw refuse({ type: "invalid_alias_name_exception", reason, index: name });
    }
    this.#of(index).set(name, alias);
  }

  remove(index: SearchIndex, name: string): boolean {
    return this.#of(index).delete(name);
  }

  removeIndex(index: SearchIndex): void {
    this.#removed.add(index);
  }

  carryOut(): void {
    this.#checkWriters();
    for (const index of this.#removed) this.cluster.delete(index);
    for (const [index, aliases] of this.#aliases) {
      if (!this.#removed.has(index)) index.configure({ aliases });
    }
  }

  #of(index: SearchIndex): Map<string, Alias> {
    const aliases = this.#aliases.get(index) ?? new Map(index.aliases);
    this.#aliases.set(index, aliases);
    return aliases;
  }

  #checkWriters(): void {
    const writers = new Map<string, string[]>();
    for (const index of this.cluster.all()) {
      if (this.#removed.has(index)) continue;
      for (const [name, { is_write_index: writes }] of this.#aliases.get(index) ?? index.aliases) {
        if (writes) writers.set(name, [...(writers.get(name) ?? []), index.name]);
      }
    }
    for (const [name, indices] of writers) {
      if (indices.length < 2) continue;
      const reason = `alias [${name}] has more than one write index [${indices.join(",")}]`;
      throw refuse({ type: "illegal_state_exception", reason }, 500);
    }
  }
}

export const readAlias = (said: unknown, place: string): Alias => {
  if (!isObject(said)) throw illegalArgument(`${place} must be an object`);
  knownOnly(said, ["is_write_index"], place);
  const writes = said["is_write_index"];
  return writes === undefined ? {} : { is_write_index: writes === true || writes === "true" };
};

interface Action {
  kind: "add" | "remove" | "remove_index";
  said: Json;
  indices: readonly string[];
  aliases: readonly string[];
}

const known: Readonly<Record<Action["kind"], readonly string[]>> = {
  add: ["index", "indices", "alias", "aliases", "is_write_index"],
  remove: ["index", "indices", "alias", "aliases", "must_exist"],
  remove_index: ["index", "indices"],
};

const readActions = ({ body }: Request): Action[] => {
  const { actions } = parseObject(body);
  if (!Array.isArray(actions) || actions.length === 0) {
    throw refuse({
      type: "action_request_validation_exception",
      reason: "Validation Failed: 1: Must specify at least one alias action;",
    });
  }
  return actions.map((action: unknown): Action => {
    const [[kind, said] = ["", undefined], ...others] = isObject(action) ? Object.entries(action) : [];
    if (others.length > 0 || !isObject(said) || !(kind in known)) throw illegalArgument(`Unsupported action [${kind}]`);
    knownOnly(said, known[kind as Action["kind"]], `the alias action [${kind}]`);
    const list = (one: string, many: string) => asList(said[one] ?? said[many] ?? []).map(String);
    const indices = list("index", "indices");
    const aliases = list("alias", "aliases");
    if (indices.length === 0) throw illegalArgument(`One of [index] or [indices] is required`);
    if (aliases.length === 0 && kind !== "remove_index")
      throw illegalArgument("One of [alias] or [aliases] is required");
    return { kind: kind as Action["kind"], said, indices, aliases };
  });
};

const actionNeeds = (request: Request): Needs => ({
  indices: readActions(request).map(({ kind, indices, aliases }) => ({
    expression: [...indices, ...aliases].join(","),
    actions: kind === "remove_index" ? ["indices:admin/delete"] : [aliasAction],
  })),
});

export const aliasOperations = ({ cluster }: Parts): DomainOperations => {
  /** By index, those of its aliases that are asked for. */
  const found = ({ path }: Request) => {
    const wanted = path["name"]?.split(",");
    return cluster.resolve(path["index"] ?? "_all").flatMap((index) => {
      const aliases = [...index.aliases].filter(([name]) => wanted?.includes(name) ?? true);
      return aliases.length > 0 || !wanted ? [[index.name, { aliases: Object.fromEntries(aliases) }] as const] : [];
    });
  };

  const take = (plan: Plan, { kind, said, indices, aliases }: Action): void => {
    for (const index of indices.flatMap((expression) => cluster.resolve(expression))) {
      if (kind === "remove_index") plan.removeIndex(index);
      for (const alias of aliases) {
        if (kind === "add") {
          const { is_write_index: writes } = said;
          plan.add(index, alias, readAlias(writes === undefined ? {} : { is_write_index: writes }, "an alias"));
        } else if (!plan.remove(index, alias) && said["must_exist"] !== false) throw missing(alias);
      }
    }
  };

  return {
    "indices.updateAliases": {
      needs: actionNeeds,
      run: (request) => {
        const plan = new Plan(cluster);
        // Indices go first, so that an alias can take the name of one.
        const actions = readActions(request).sort(
          (a, b) => Number(b.kind === "remove_index") - Number(a.kind === "remove_index"),
        );
        for (const action of actions) take(plan, action);
        plan.carryOut();
        return acknowledged;
      },
    },
    "indices.putAlias": {
      needs: indexNeeds(aliasAction),
      run: ({ path, body }) => {
        const alias = readAlias(body === "" ? {} : parseObject(body), "an alias");
        const plan = new Plan(cluster);
        for (const index of cluster.resolve(path["index"] ?? "")) plan.add(index, path["name"] ?? "", alias);
        plan.carryOut();
        return acknowledged;
      },
    },
    "indices.deleteAlias": {
      needs: indexNeeds(aliasAction),
      run: ({ path }) => {
        const plan = new Plan(cluster);
        const name = path["name"] ?? "";
        const removed = cluster.resolve(path["index"] ?? "").map((index) => plan.remove(index, name));
        if (!removed.includes(true)) throw missing(name);
        plan.carryOut();
        return acknowledged;
      },
    },
    "indices.getAlias": {
      needs: indexNeeds("indices:admin/aliases/get"),
      run: (request) => {
        const answer = Object.fromEntries(found(request));
        const { name } = request.path;
        if (name === undefined || Object.keys(answer).length > 0) return answer;
        return new Answer(404, { error: `alias [${name}] missing`, status: 404 });
      },
    },
    "indices.existsAlias": {
      needs: indexNeeds("indices:admin/aliases/get"),
      run: (request) => new Answer(found(request).length > 0 ? 200 : 404),
    },
  };
};
