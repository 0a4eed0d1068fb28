import type { Run } from "../consume/run";
import { type Category, causeOf, errorKind, Failure } from "../failure";
import { metricNames } from "../observe/metrics";
import { type Entry, keyOf } from "./documents";
import { ask, categoryOf, reasonIn } from "./domain";
import { embedder } from "./embed/embedder";

/** What became of an entry. */
export type Written =
  | { end: "written" | "overtaken" | "removed" }
  | { end: "refused"; category: Category; reason: string };

/** A batch is small enough for one request, and an answer may take its time. */
const bulkTimeoutMs = 20_000;

/** Of a vector's numbers, as many places as can matter. */
const rounded = (vector: readonly number[]): number[] => vector.map((value) => Number(value.toFixed(6)));

/** What is known of the meaning of what is to be written. A document without a vector is still found by its words. */
const meaningsOf = async (entries: readonly Entry[], run: Run): Promise<object[]> => {
  const { name, embed } = embedder();
  const texts = entries.map(({ meaning }) => meaning);
  const { vectors, refused, failure } = await embed(texts, run);
  if (failure) {
    run.meter.add(metricNames[`error${errorKind(failure)}`]);
    const without = texts.filter((text, at) => text.trim() !== "" && !vectors[at]).length;
    run.log.warn("no vectors: documents are found by their words only", { without, ...causeOf(failure) });
  }
  const asked = new Set(refused);
  return vectors.map((vector, at) => {
    if (vector) return { embedding: rounded(vector), embedder: name };
    // Who was asked in vain: the repair does not ask again until the text is another.
    return asked.has(at) ? { embedder: name } : {};
  });
};

const actionOf = (entry: Entry, meaning: object | undefined): object[] => {
  const { index, id, revision, document } = entry;
  const place = { _index: index, _id: id };
  if (!document) return [{ delete: place }];
  return [{ index: { ...place, version: revision, version_type: "external_gte" } }, { ...document, ...meaning }];
};

interface Item {
  status: number;
  error?: unknown;
}

export const outcomeOf = (item: Item | undefined, removing: boolean): Written => {
  const { status, error } = item ?? { status: 500, error: "the domain said nothing of it" };
  if (removing && (status < 300 || (status === 404 && !error))) return { end: "removed" };
  if (status < 300) return { end: "written" };
  // A younger document is there.
  if (status === 409) return { end: "overtaken" };
  // An index that is not there is about to be made.
  const category = status === 404 ? "unavailable" : categoryOf(status);
  return { end: "refused", category, reason: reasonIn({ error }) };
};

/** Writes entries in one request, each of which succeeds or fails for itself. Throws where the domain did not take them at all. */
export const writeEntries = async (entries: readonly Entry[], run: Run): Promise<Map<string, Written>> => {
  if (entries.length === 0) return new Map();
  const meanings = await meaningsOf(entries, run);
  const lines = entries.flatMap((entry, at) => actionOf(entry, meanings[at]));
  const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
  // Or OpenSearch would make an index of its own under the alias's name.
  const query = { require_alias: "true" };
  const answer = (await ask({ method: "POST", path: "/_bulk", query, body, timeoutMs: bulkTimeoutMs }, run)) as {
    items?: Record<string, Item>[];
  };
  if (!Array.isArray(answer?.items))
    throw new Failure("permanent", "_bulk was answered without items", { origin: "aws" });
  const items = answer.items.map((item) => Object.values(item)[0]);
  return new Map(entries.map((entry, at) => [keyOf(entry), outcomeOf(items[at], !entry.document)]));
};
