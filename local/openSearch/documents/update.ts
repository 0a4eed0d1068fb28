import { knownOnly, notHere, refuse } from "../errors";
import type { SearchIndex, Written } from "../index/searchIndex";
import type { Condition } from "../index/versions";
import { equalJson, isObject, type Json } from "../json";

const merge = (old: Json, change: Json): Json => {
  const merged: Record<string, unknown> = { ...old };
  for (const [name, value] of Object.entries(change)) {
    const there = merged[name];
    merged[name] = isObject(there) && isObject(value) ? merge(there, value) : value;
  }
  return merged;
};

/** Changes part of a document, or puts one where there is none and the caller says what. */
export const update = (index: SearchIndex, id: string, body: Json, condition: Condition): Written => {
  if ("script" in body) throw notHere("an update by [script]");
  knownOnly(body, ["doc", "doc_as_upsert", "upsert", "detect_noop"], "the body of an update");
  const { doc, upsert, doc_as_upsert: docAsUpsert = false, detect_noop: detectNoop = true } = body;
  if (!isObject(doc)) {
    throw refuse({
      type: "action_request_validation_exception",
      reason: "Validation Failed: 1: script or doc is missing;",
    });
  }
  if (condition.external) {
    throw refuse({
      type: "action_request_validation_exception",
      reason: "Validation Failed: 1: internal versioning can not be used for optimistic concurrency control;",
    });
  }
  const there = index.find(id);
  if (there) {
    const source = merge(there.source, doc);
    // A writer whose condition does not hold is refused even where nothing would change.
    if (detectNoop === true && equalJson(source, there.source) && condition.ifSeqNo === undefined) {
      return { id, result: "noop", version: there.version, seqNo: there.seqNo };
    }
    return index.put(id, source, condition);
  }
  const first = docAsUpsert === true ? doc : upsert;
  if (!isObject(first)) {
    const reason = `[${id}]: document missing`;
    throw refuse(
      { type: "document_missing_exception", reason, index: index.name, shard: "0", index_uuid: index.uuid },
      404,
    );
  }
  return index.put(id, first, { ...condition, create: true });
};
