import type { Call } from "../../cloud/service";
import { illegalArgument, refuse } from "../errors";
import type { Document } from "../index/content";
import type { SearchIndex, Written } from "../index/searchIndex";
import { primaryTerm } from "../index/versions";
import { parseObject } from "../json";
import { type DomainOperation, type DomainOperations, indexNeeds, isOn, type Parts, type Request } from "../operation";
import { type SourceFilter, sourceParameter } from "../search/source";
import { Answer } from "../wire/protocol";
import { conditionOf, forcesRefresh, refreshAfter, statusOf, writtenAnswer } from "./answer";
import { update } from "./update";

const bulkAction = "indices:data/write/bulk[s]";
const readNeeds = indexNeeds("indices:data/read/get");

const bodyOf = ({ body }: Request) => {
  if (body === "") throw refuse({ type: "parse_exception", reason: "request body is required" });
  return parseObject(body);
};

export const foundAnswer = (index: SearchIndex, { id, version, seqNo, source }: Document, filter: SourceFilter) => ({
  _index: index.name,
  _id: id,
  _version: version,
  _seq_no: seqNo,
  _primary_term: primaryTerm,
  found: true,
  ...(filter && { _source: filter(source) }),
});

/** Operations on one document. */
export const singleOperations = ({ cloud, cluster }: Parts): DomainOperations => {
  const autoId = (): string => cloud.newId().replaceAll("-", "").slice(0, 20);

  const target = ({ path, query }: Request): SearchIndex =>
    cluster.writeTarget(path["index"] ?? "", { onlyAlias: isOn(query, "require_alias") });

  /** One that is read from, also by its alias. */
  const place = (name: string): SearchIndex => {
    const [index, ...others] = cluster.resolve(name);
    if (index && others.length === 0) return index;
    throw illegalArgument(
      `alias [${name}] has more than one index associated with it [${[index, ...others].map((one) => one?.name)}], can't execute a single index op`,
    );
  };

  const written = async (request: Request, call: Call, write: (index: SearchIndex) => Written): Promise<Answer> => {
    const forced = forcesRefresh(request.query);
    const index = target(request);
    const result = write(index);
    await refreshAfter(request.query, [index], call);
    return new Answer(statusOf(result), writtenAnswer(index, result, forced));
  };

  const put = (create: boolean): DomainOperation => ({
    needs: indexNeeds("indices:data/write/index", bulkAction),
    run: (request, call) => {
      const { path, query } = request;
      const type = query.get("op_type") ?? "index";
      if (type !== "index" && type !== "create") {
        throw illegalArgument(`opType must be 'create' or 'index', found: [${type}]`);
      }
      const source = bodyOf(request);
      const onlyNew = create || type === "create" || path["id"] === undefined;
      const condition = { ...conditionOf((name) => query.get(name)), ...(onlyNew && { create: true }) };
      return written(request, call, (index) => index.put(path["id"] ?? autoId(), source, condition));
    },
  });

  const find = ({ path }: Request): { index: SearchIndex; document: Document | undefined } => {
    const index = place(path["index"] ?? "");
    return { index, document: index.find(path["id"] ?? "") };
  };
  const exists: DomainOperation = {
    needs: readNeeds,
    run: (request) => new Answer(find(request).document ? 200 : 404),
  };

  return {
    index: put(false),
    create: put(true),
    update: {
      needs: indexNeeds("indices:data/write/update", bulkAction),
      run: (request, call) => {
        const condition = conditionOf((name) => request.query.get(name));
        const body = bodyOf(request);
        return written(request, call, (index) => update(index, request.path["id"] ?? "", body, condition));
      },
    },
    delete: {
      needs: indexNeeds("indices:data/write/delete", bulkAction),
      run: (request, call) => {
        const condition = conditionOf((name) => request.query.get(name));
        return written(request, call, (index) => index.delete(request.path["id"] ?? "", condition));
      },
    },
    get: {
      needs: readNeeds,
      run: (request) => {
        const filter = sourceParameter(request.query);
        const { index, document } = find(request);
        if (document) return foundAnswer(index, document, filter);
        return new Answer(404, { _index: index.name, _id: request.path["id"], found: false });
      },
    },
    getSource: {
      needs: readNeeds,
      run: (request) => {
        const filter = sourceParameter(request.query);
        const { index, document } = find(request);
        if (document) return filter?.(document.source) ?? {};
        const reason = `Document not found [${index.name}]/[_doc]/[${request.path["id"]}]`;
        throw refuse({ type: "resource_not_found_exception", reason }, 404);
      },
    },
    exists,
    existsSource: exists,
  };
};
