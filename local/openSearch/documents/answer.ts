import type { Call } from "../../cloud/service";
import { illegalArgument } from "../errors";
import type { SearchIndex, Written } from "../index/searchIndex";
import { type Condition, primaryTerm } from "../index/versions";

export const writtenAnswer = (index: SearchIndex, { id, result, version, seqNo }: Written, forced = false) => ({
  _index: index.name,
  _id: id,
  _version: version,
  result,
  ...(forced && { forced_refresh: true }),
  _shards: result === "noop" ? { total: 0, successful: 0, failed: 0 } : { total: 2, successful: 2, failed: 0 },
  _seq_no: seqNo,
  _primary_term: primaryTerm,
});

export const statusOf = ({ result }: Written): number => {
  if (result === "created") return 201;
  return result === "not_found" ? 404 : 200;
};

const policies = ["", "true", "false", "wait_for"];

/** Whether those written to are refreshed at once. */
export const forcesRefresh = (query: URLSearchParams): boolean => {
  const policy = query.get("refresh") ?? "false";
  if (!policies.includes(policy)) throw illegalArgument(`Unknown value for refresh: [${policy}].`);
  return policy === "" || policy === "true";
};

/** Does after a write what its parameter `refresh` says. */
export const refreshAfter = async (
  query: URLSearchParams,
  indices: Iterable<SearchIndex>,
  call: Call,
): Promise<void> => {
  if (forcesRefresh(query)) for (const index of indices) index.refresh();
  if (query.get("refresh") !== "wait_for") return;
  const refreshed = [...indices].map((index) => index.refreshed());
  await call.waiting(() => Promise.all(refreshed));
};

const numberIn = (name: string, value: unknown): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw illegalArgument(`Failed to parse [${name}] with value [${value}]`);
  return number;
};

/** What a writer says of versions, by parameters or in a bulk's metadata. */
export const conditionOf = (get: (name: string) => unknown): Condition => {
  const given = (name: string) => {
    const value = get(name) ?? undefined;
    return value === undefined ? undefined : numberIn(name, value);
  };
  const [ifSeqNo, ifPrimaryTerm, version] = [given("if_seq_no"), given("if_primary_term"), given("version")];
  const type = get("version_type") ?? "internal";
  if (type !== "internal" && type !== "external" && type !== "external_gte") {
    throw illegalArgument(`No version type match [${type}]`);
  }
  if (type === "internal" && version !== undefined) {
    throw illegalArgument(
      "internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead",
    );
  }
  if (type !== "internal" && version === undefined)
    throw illegalArgument(`[version] is missing for [version_type=${type}]`);
  return {
    ...(ifSeqNo !== undefined && { ifSeqNo }),
    ...(ifPrimaryTerm !== undefined && { ifPrimaryTerm }),
    ...(type !== "internal" && version !== undefined && { external: { type, version } }),
  };
};
