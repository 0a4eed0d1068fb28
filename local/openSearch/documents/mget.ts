import { illegalArgument, knownOnly, OpenSearchError } from "../errors";
import { isObject, type Json, parseObject } from "../json";
import type { DomainOperation, Parts } from "../operation";
import { sourceFilter, sourceParameter } from "../search/source";
import { foundAnswer } from "./single";

const shardAction = "indices:data/read/mget[shard]";

/** Many documents by their ids, each with what became of it. */
export const mgetOperation = ({ cluster, security }: Parts): DomainOperation => ({
  needs: () => ({ cluster: ["indices:data/read/mget"] }),
  run: ({ path, query, body }, { caller }) => {
    const request = parseObject(body);
    knownOnly(request, ["docs", "ids"], "the body of an mget");
    const { ids, docs = ids } = request;
    if (!Array.isArray(docs)) throw illegalArgument("no documents to get");
    const otherwise = sourceParameter(query);

    const get = (wanted: Json): object => {
      knownOnly(wanted, ["_index", "_id", "_source"], "a document of an mget");
      const name = String(wanted["_index"] ?? path["index"] ?? "");
      const id = String(wanted["_id"]);
      try {
        security.check(caller, { indices: [{ expression: name, actions: [shardAction] }] });
        const [index] = cluster.resolve(name);
        const document = index?.find(id);
        if (!index || !document) return { _index: index?.name ?? name, _id: id, found: false };
        const filter = wanted["_source"] === undefined ? otherwise : sourceFilter(wanted["_source"]);
        return foundAnswer(index, document, filter);
      } catch (error) {
        if (!(error instanceof OpenSearchError)) throw error;
        return { _index: name, _id: id, ...error.body() };
      }
    };
    return { docs: docs.map((one) => get(isObject(one) ? one : { _id: one })) };
  },
});
