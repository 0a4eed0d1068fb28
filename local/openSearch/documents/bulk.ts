import type { Call } from "../../cloud/service";
import { OpenSearchError, refuse } from "../errors";
import type { SearchIndex, Written } from "../index/searchIndex";
import { type DomainOperation, isOn, type Parts } from "../operation";
import { conditionOf, forcesRefresh, refreshAfter, statusOf, writtenAnswer } from "./answer";
import { type BulkItem, type BulkKind, readBulk } from "./bulkBody";
import { update } from "./update";

const actionOf: Readonly<Record<BulkKind, string>> = {
  index: "indices:data/write/index",
  create: "indices:data/write/index",
  update: "indices:data/write/update",
  delete: "indices:data/write/delete",
};

const shardAction = "indices:data/write/bulk[s]";

const write = (index: SearchIndex, { kind, body, metadata }: BulkItem, id: string): Written => {
  if (body instanceof OpenSearchError) throw body;
  const condition = conditionOf((name) => metadata[name]);
  if (kind === "delete" || body === undefined) return index.delete(id, condition);
  if (kind === "update") return update(index, id, body, condition);
  return index.put(id, body, kind === "create" ? { ...condition, create: true } : condition);
};

/** Many writes in one request: each succeeds or fails for itself. */
export const bulkOperation = ({ cloud, cluster, security }: Parts): DomainOperation => {
  const carryOut = (items: readonly BulkItem[], query: URLSearchParams, { caller }: Call) => {
    const forced = forcesRefresh(query);
    const alwaysAlias = isOn(query, "require_alias");
    const aim = { service: "es", operation: "bulk", caller: caller.name };
    const touched = new Set<SearchIndex>();
    const asked = new Map<string, readonly string[]>();
    const missingFor = ({ index, kind }: BulkItem): readonly string[] => {
      const key = `${kind} ${index}`;
      const known = asked.get(key);
      if (known) return known;
      const missing = security.missing(caller, {
        indices: [{ expression: index, actions: [shardAction, actionOf[kind]] }],
      });
      asked.set(key, missing);
      return missing;
    };

    const one = (item: BulkItem) => {
      const id = item.id ?? cloud.newId().replaceAll("-", "").slice(0, 20);
      let name = item.index;
      try {
        const missing = missingFor(item);
        if (missing.length > 0) throw security.refusal(caller, missing);
        const onlyAlias = item.metadata["require_alias"] ?? alwaysAlias;
        const index = cluster.writeTarget(item.index, { onlyAlias: onlyAlias === true });
        name = index.name;
        if (cloud.faults.strike(aim, "partialFailure")) {
          throw refuse(
            { type: "rejected_execution_exception", reason: "rejected execution of a write (injected)" },
            429,
          );
        }
        const written = write(index, item, id);
        touched.add(index);
        return { [item.kind]: { ...writtenAnswer(index, written, forced), status: statusOf(written) } };
      } catch (error) {
        if (!(error instanceof OpenSearchError)) throw error;
        return { [item.kind]: { _index: name, _id: id, status: error.status, error: error.detail } };
      }
    };
    const results = items.map(one);
    return { results, touched };
  };

  return {
    needs: () => ({ cluster: ["indices:data/write/bulk"] }),
    run: async ({ path, query, body }, call) => {
      const startedAt = performance.now();
      const { results, touched } = carryOut(readBulk(body, path["index"]), query, call);
      await refreshAfter(query, touched, call);
      return {
        took: Math.round(performance.now() - startedAt),
        errors: results.some((result) => Object.values(result).some((told) => "error" in told)),
        items: results,
      };
    },
  };
};
