import type { Cluster } from "../cluster";
import { forcesRefresh } from "../documents/answer";
import { illegalArgument, knownOnly, notHere, OpenSearchError } from "../errors";
import type { Document } from "../index/content";
import type { SearchIndex } from "../index/searchIndex";
import type { Condition } from "../index/versions";
import { asList, isObject, type Json, parseObject } from "../json";
import type { DomainOperation, Parts } from "../operation";
import { parseQuery, scoreIn } from "../query/parse";
import { type SourceFilter, sourceFilter } from "../search/source";
import { Answer } from "../wire/protocol";

interface Plan {
  from: readonly SearchIndex[];
  query: unknown;
  filter: SourceFilter;
  to: SearchIndex;
  condition: (document: Document) => Condition;
  goesOn: boolean;
}

const objectIn = (body: Json, name: string, known: readonly string[]): Json => {
  const value = body[name];
  if (!isObject(value)) throw illegalArgument(`[${name}] must be specified`);
  knownOnly(value, known, `the [${name}] of a reindex`);
  return value;
};

const conditionOf = (dest: Json): Plan["condition"] => {
  const { op_type: type = "index", version_type: versions = "internal" } = dest;
  if (type !== "index" && type !== "create")
    throw illegalArgument(`opType must be 'create' or 'index', found: [${type}]`);
  if (versions === "internal") return () => (type === "create" ? { create: true } : {});
  if (versions !== "external" && versions !== "external_gte")
    throw notHere(`[version_type] of [${versions}] in a reindex`);
  return ({ version }) => ({ external: { type: versions, version } });
};

const readPlan = (cluster: Cluster, text: string): Plan => {
  const body = parseObject(text);
  knownOnly(body, ["source", "dest", "conflicts"], "the body of a reindex");
  const source = objectIn(body, "source", ["index", "query", "_source", "size"]);
  const dest = objectIn(body, "dest", ["index", "op_type", "version_type"]);
  const from = asList(source["index"]).flatMap((name) => cluster.resolve(String(name)));
  const to = cluster.writeTarget(String(dest["index"]));
  if (from.includes(to)) {
    throw illegalArgument(`Validation Failed: 1: reindex cannot write into an index its reading from [${to.name}];`);
  }
  return {
    from,
    query: source["query"] ?? { match_all: {} },
    filter: sourceFilter(source["_source"]),
    to,
    condition: conditionOf(dest),
    goesOn: body["conflicts"] === "proceed",
  };
};

/** What a search finds of the sources now: what was not refreshed since is not copied. */
const found = ({ from, query: asked }: Plan): Document[] => {
  const query = parseQuery(asked);
  return from.flatMap((view) => {
    const scores = scoreIn(view, query);
    return view.segment.documents.filter(
      (document, at): document is Document => document !== undefined && (scores[at] as number) >= 0,
    );
  });
};

const copy = (documents: readonly Document[], { to, filter, condition, goesOn }: Plan) => {
  const counts = { created: 0, updated: 0, conflicts: 0 };
  for (const document of documents) {
    try {
      const { result } = to.put(document.id, filter?.(document.source) ?? {}, condition(document));
      counts[result === "created" ? "created" : "updated"]++;
    } catch (error) {
      if (!(error instanceof OpenSearchError)) throw error;
      if (error.status === 409) counts.conflicts++;
      if (error.status === 409 && goesOn) continue;
      const failure = { index: to.name, id: document.id, cause: error.detail, status: error.status };
      return { ...counts, failures: [failure], status: error.status };
    }
  }
  return { ...counts, failures: [], status: 200 };
};

/** Copies what a query finds from one index to another. */
export const reindexOperation = ({ cluster, security }: Parts): DomainOperation => ({
  needs: () => ({ cluster: ["indices:data/write/reindex"] }),
  run: ({ query, body }, { caller }) => {
    const startedAt = performance.now();
    if (query.get("wait_for_completion") === "false") throw notHere("a reindex with [wait_for_completion=false]");
    const plan = readPlan(cluster, body);
    security.check(caller, {
      cluster: ["indices:data/write/bulk", "indices:data/read/scroll"],
      indices: [
        ...plan.from.map(({ name }) => ({ expression: name, actions: ["indices:data/read/search"] })),
        { expression: plan.to.name, actions: ["indices:data/write/bulk[s]", "indices:data/write/index"] },
      ],
    });
    const documents = found(plan);
    const { created, updated, conflicts, failures, status } = copy(documents, plan);
    if (forcesRefresh(query)) plan.to.refresh();
    return new Answer(status, {
      took: Math.round(performance.now() - startedAt),
      timed_out: false,
      total: documents.length,
      updated,
      created,
      deleted: 0,
      batches: Math.ceil(documents.length / 1_000),
      version_conflicts: conflicts,
      noops: 0,
      retries: { bulk: 0, search: 0 },
      throttled_millis: 0,
      requests_per_second: -1,
      throttled_until_millis: 0,
      failures,
    });
  },
});
