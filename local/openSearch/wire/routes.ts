import { notHere } from "../errors";

interface Route {
  operation: string;
  method: string;
  pattern: RegExp;
  names: string[];
  parameters: readonly string[];
}

/** Known to change nothing where nobody has to be waited for. */
const waits = ["timeout", "cluster_manager_timeout", "master_timeout", "wait_for_active_shards"];
const versions = ["refresh", "if_seq_no", "if_primary_term", "version", "version_type", "require_alias", ...waits];
const source = ["_source", "_source_includes", "_source_excludes"];
const found = ["ignore_unavailable"];

/** By OpenSearch's own names: where each operation is, and its parameters. The first route that fits is meant. */
const table: readonly (readonly [operation: string, places: string, ...parameters: string[]])[] = [
  ["ping", "HEAD /"],
  ["info", "GET /"],
  ["cluster.health", "GET /_cluster/health", "wait_for_status", ...waits],
  ["bulk", "POST,PUT /_bulk /{index}/_bulk", "refresh", "require_alias", ...waits],
  ["mget", "GET,POST /_mget /{index}/_mget", ...source],
  ["search", "GET,POST /_search /{index}/_search", "size", "from", "track_total_hits", ...found, ...source],
  ["count", "GET,POST /_count /{index}/_count", ...found],
  ["reindex", "POST /_reindex", "refresh", "wait_for_completion", ...waits],
  ["indices.refresh", "GET,POST /_refresh /{index}/_refresh", ...found],
  ["indices.updateAliases", "POST /_aliases", ...waits],
  ["indices.getAlias", "GET /_alias /_alias/{name} /{index}/_alias /{index}/_alias/{name}"],
  ["indices.existsAlias", "HEAD /_alias/{name} /{index}/_alias/{name}"],
  ["indices.putAlias", "PUT,POST /{index}/_alias/{name} /{index}/_aliases/{name}", ...waits],
  ["indices.deleteAlias", "DELETE /{index}/_alias/{name} /{index}/_aliases/{name}", ...waits],
  ["indices.getMapping", "GET /_mapping /{index}/_mapping", ...found],
  ["indices.putMapping", "PUT,POST /{index}/_mapping", ...found, ...waits],
  ["indices.getSettings", "GET /_settings /{index}/_settings", ...found],
  ["indices.putSettings", "PUT /{index}/_settings", ...found, ...waits],
  ["security.getRoles", "GET /_plugins/_security/api/roles"],
  ["security.getRole", "GET /_plugins/_security/api/roles/{name}"],
  ["security.createRole", "PUT /_plugins/_security/api/roles/{name}"],
  ["security.patchRole", "PATCH /_plugins/_security/api/roles/{name}"],
  ["security.patchRoles", "PATCH /_plugins/_security/api/roles"],
  ["security.deleteRole", "DELETE /_plugins/_security/api/roles/{name}"],
  ["security.getRoleMappings", "GET /_plugins/_security/api/rolesmapping"],
  ["security.getRoleMapping", "GET /_plugins/_security/api/rolesmapping/{name}"],
  ["security.createRoleMapping", "PUT /_plugins/_security/api/rolesmapping/{name}"],
  ["security.patchRoleMapping", "PATCH /_plugins/_security/api/rolesmapping/{name}"],
  ["security.patchRoleMappings", "PATCH /_plugins/_security/api/rolesmapping"],
  ["security.deleteRoleMapping", "DELETE /_plugins/_security/api/rolesmapping/{name}"],
  ["index", "PUT,POST /{index}/_doc/{id}", "op_type", ...versions],
  ["index", "POST /{index}/_doc", "op_type", ...versions],
  ["create", "PUT,POST /{index}/_create/{id}", ...versions],
  ["update", "POST /{index}/_update/{id}", "retry_on_conflict", ...versions],
  ["get", "GET /{index}/_doc/{id}", ...source],
  ["exists", "HEAD /{index}/_doc/{id}"],
  ["getSource", "GET /{index}/_source/{id}", ...source],
  ["existsSource", "HEAD /{index}/_source/{id}"],
  ["delete", "DELETE /{index}/_doc/{id}", ...versions],
  ["indices.create", "PUT /{index}", ...waits],
  ["indices.get", "GET /{index}", ...found],
  ["indices.exists", "HEAD /{index}", ...found],
  ["indices.delete", "DELETE /{index}", ...found, ...waits],
];

const everywhere = ["pretty", "human", "error_trace"];

const routes: readonly Route[] = table.flatMap(([operation, places, ...parameters]) => {
  const [methods = "", ...paths] = places.split(" ");
  return methods.split(",").flatMap((method) =>
    paths.map((path) => {
      const names: string[] = [];
      const pattern = path.replace(/\{(\w+)\}/g, (_, name: string) => {
        names.push(name);
        // What begins with an underscore is an API, not an index.
        return name === "index" ? "((?:_all|[^_/])[^/]*)" : "([^/]+)";
      });
      return { operation, method, pattern: new RegExp(`^${pattern}/?$`), names, parameters };
    }),
  );
});

export interface Routed {
  operation: string;
  path: Record<string, string>;
}

/** Which operation is meant; throws where a parameter is none of those it has here. */
export const routeOf = (method: string, path: string, query: URLSearchParams): Routed | undefined => {
  for (const { operation, names, parameters, ...route } of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (!match) continue;
    const stranger = [...query.keys()].find((name) => !parameters.includes(name) && !everywhere.includes(name));
    if (stranger !== undefined) throw notHere(`the parameter [${stranger}] of [${operation}]`);
    return {
      operation,
      path: Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? "")])),
    };
  }
  return undefined;
};
