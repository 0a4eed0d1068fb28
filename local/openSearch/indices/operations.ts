import { illegalArgument, knownOnly, OpenSearchError } from "../errors";
import type { SearchIndex } from "../index/searchIndex";
import { readChanges, readSettings } from "../index/settings";
import { isObject, type Json, parseObject } from "../json";
import { acknowledged, type DomainOperations, indexNeeds, isOn, type Parts, type Request } from "../operation";
import { shards } from "../search/search";
import { Answer } from "../wire/protocol";
import { readAlias } from "./aliases";

const settingsOf = ({ name, uuid, createdAt, settings }: SearchIndex) => {
  const { number_of_shards: shardCount = "1", number_of_replicas: replicas = "1", ...others } = settings;
  const index: Record<string, unknown> = {
    creation_date: String(createdAt),
    number_of_shards: shardCount,
    number_of_replicas: replicas,
    uuid,
    version: { created: "136407927" },
    provided_name: name,
  };
  for (const [setting, value] of Object.entries(others)) {
    if (setting === "knn.algo_param.ef_search") index["knn.algo_param"] = { ef_search: value };
    else index[setting] = value;
  }
  return { index };
};

const describe = (index: SearchIndex) => ({
  aliases: Object.fromEntries(index.aliases),
  mappings: index.mapping.declared,
  settings: settingsOf(index),
});

const objectIn = (body: Json, name: string): Json => {
  const value = body[name] ?? {};
  if (!isObject(value)) throw illegalArgument(`[${name}] must be an object`);
  return value;
};

/** Operations on indices as a whole. */
export const indexOperations = ({ cluster }: Parts): DomainOperations => {
  const found = ({ path, query }: Request): SearchIndex[] =>
    cluster.resolve(path["index"] ?? "_all", { ignoreMissing: isOn(query, "ignore_unavailable") });
  const each = (request: Request, tell: (index: SearchIndex) => object) =>
    Object.fromEntries(found(request).map((index) => [index.name, tell(index)]));

  return {
    "indices.create": {
      needs: (request) => ({
        indices: [
          {
            expression: request.path["index"] ?? "",
            actions: ["indices:admin/create", ...(request.body.includes('"aliases"') ? ["indices:admin/aliases"] : [])],
          },
        ],
      }),
      run: ({ path, body }) => {
        const name = path["index"] ?? "";
        const said = body === "" ? {} : parseObject(body);
        knownOnly(said, ["settings", "mappings", "aliases"], "the body of a new index");
        const aliases = Object.fromEntries(
          Object.entries(objectIn(said, "aliases")).map(([alias, one]) => [
            alias,
            readAlias(one, `the alias [${alias}]`),
          ]),
        );
        cluster.create(name, readSettings(said["settings"]), objectIn(said, "mappings"), aliases);
        return { acknowledged: true, shards_acknowledged: true, index: name };
      },
    },
    "indices.delete": {
      needs: indexNeeds("indices:admin/delete"),
      run: (request) => {
        const name = request.path["index"] ?? "";
        if (cluster.withAlias(name).length > 0) {
          throw illegalArgument(
            `The provided expression [${name}] matches an alias, specify the corresponding concrete indices instead.`,
          );
        }
        for (const index of found(request)) cluster.delete(index);
        return acknowledged;
      },
    },
    "indices.exists": {
      needs: indexNeeds("indices:admin/get"),
      run: (request) => {
        try {
          return new Answer(found(request).length > 0 ? 200 : 404);
        } catch (error) {
          if (error instanceof OpenSearchError) return new Answer(error.status);
          throw error;
        }
      },
    },
    "indices.get": { needs: indexNeeds("indices:admin/get"), run: (request) => each(request, describe) },
    "indices.getMapping": {
      needs: indexNeeds("indices:admin/mappings/get"),
      run: (request) => each(request, ({ mapping }) => ({ mappings: mapping.declared })),
    },
    "indices.putMapping": {
      needs: indexNeeds("indices:admin/mapping/put"),
      run: (request) => {
        const change = parseObject(request.body);
        // All of them, or none.
        const merged = found(request).map((index) => ({ index, mapping: index.mapping.merged(change) }));
        for (const { index, mapping } of merged) index.configure({ mapping });
        return acknowledged;
      },
    },
    "indices.getSettings": {
      needs: indexNeeds("indices:monitor/settings/get"),
      run: (request) => each(request, (index) => ({ settings: settingsOf(index) })),
    },
    "indices.putSettings": {
      needs: indexNeeds("indices:admin/settings/update"),
      run: (request) => {
        const changes = readChanges(parseObject(request.body));
        for (const index of found(request)) index.configure({ settings: { ...index.settings, ...changes } });
        return acknowledged;
      },
    },
    "indices.refresh": {
      needs: indexNeeds("indices:admin/refresh"),
      run: (request) => {
        const indices = found(request);
        for (const index of indices) index.refresh();
        return { _shards: shards(indices.length) };
      },
    },
  };
};
