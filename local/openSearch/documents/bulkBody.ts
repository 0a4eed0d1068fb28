import { illegalArgument, notHere, OpenSearchError } from "../errors";
import { isObject, type Json, parseObject } from "../json";

export type BulkKind = "index" | "create" | "update" | "delete";

export interface BulkItem {
  kind: BulkKind;
  index: string;
  id: string | undefined;
  metadata: Json;
  /** Not there for a deletion. An error where the line is none that could be read. */
  body: Json | OpenSearchError | undefined;
}

const kinds: readonly string[] = ["index", "create", "update", "delete"];
const known = [
  "_index",
  "_id",
  "if_seq_no",
  "if_primary_term",
  "version",
  "version_type",
  "require_alias",
  // Here no two writes are under way at once.
  "retry_on_conflict",
];

const readAction = (line: string, number: number): { kind: BulkKind; metadata: Json } => {
  const malformed = (found: string) =>
    illegalArgument(
      `Malformed action/metadata line [${number}], expected START_OBJECT or END_OBJECT but found [${found}]`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw malformed("what is no JSON");
  }
  const [entry] = isObject(parsed) ? Object.entries(parsed) : [];
  if (!entry || !isObject(entry[1])) throw malformed(Array.isArray(parsed) ? "START_ARRAY" : "VALUE_STRING");
  const [kind, metadata] = entry;
  if (!kinds.includes(kind)) {
    throw illegalArgument(
      `Malformed action/metadata line [${number}], expected field [create], [delete], [index] or [update] but found [${kind}]`,
    );
  }
  const stranger = Object.keys(metadata).find((name) => !known.includes(name));
  if (stranger) throw notHere(`[${stranger}] in the action of line [${number}]`);
  return { kind: kind as BulkKind, metadata };
};

const readSource = (line: string): Json | OpenSearchError => {
  try {
    return parseObject(line);
  } catch (error) {
    if (error instanceof OpenSearchError) return error;
    throw error;
  }
};

/** Reads the lines of a bulk request: an action, and where it is no deletion, its document. */
export const readBulk = (body: string, defaultIndex: string | undefined): BulkItem[] => {
  if (body === "") throw illegalArgument("request body is required");
  if (!body.endsWith("\n")) throw illegalArgument("The bulk request must be terminated by a newline [\\n]");
  const lines = body.slice(0, -1).split("\n");
  const items: BulkItem[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.trim() === "") continue;
    const { kind, metadata } = readAction(line, at + 1);
    const index = metadata["_index"] ?? defaultIndex;
    if (index === undefined) throw illegalArgument("Validation Failed: 1: index is missing;");
    const id = metadata["_id"] === undefined ? undefined : String(metadata["_id"]);
    if (id === undefined && (kind === "update" || kind === "delete")) {
      throw illegalArgument("Validation Failed: 1: id is missing;");
    }
    items.push({
      kind,
      index: String(index),
      id,
      metadata,
      body: kind === "delete" ? undefined : readSource(lines[++at] ?? ""),
    });
  }
  return items;
};
