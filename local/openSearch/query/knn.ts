import { illegalArgument, knownOnly } from "../errors";
import { isObject } from "../json";
import type { VectorField } from "../mapping/field";
import { preparedVector } from "../mapping/knnVector";
import { checkWhole } from "./clauses";
import { nothing, noWords, type QueryKind, type View } from "./query";
import { asObject, boostOf, malformed } from "./source";

const mostNeighbours = 10_000;

const vectorField = (view: View, path: string, vector: Float32Array): VectorField => {
  const field = view.mapping.fields.get(path);
  if (field?.kind !== "vector") throw illegalArgument(`Field '${path}' is not knn_vector type.`);
  if (!field.indexed)
    throw illegalArgument(`Field '${path}' cannot be searched: index.knn is not true for [${view.name}]`);
  if (vector.length !== field.dimension) {
    throw illegalArgument(
      `Query vector has invalid dimension: ${vector.length}. Dimension should be: ${field.dimension}`,
    );
  }
  return field;
};

/** The k nearest, found by looking at all that pass the filter. */
export const knn: QueryKind = (source, parse) => {
  const entries = Object.entries(asObject(source, "knn"));
  const [path = "", said] = entries[0] ?? [];
  if (entries.length !== 1 || !isObject(said)) throw malformed("[knn] query requires one field with its vector");
  knownOnly(said, ["vector", "k", "filter", "boost"], "the [knn] query");
  if (!Array.isArray(said["vector"]) || said["vector"].length === 0)
    throw illegalArgument("[knn] requires query vector");
  const vector = Float32Array.from(said["vector"], Number);
  if (!vector.every(Number.isFinite)) throw illegalArgument("[knn] requires a query vector of finite numbers");
  if (said["k"] === undefined) throw illegalArgument("[knn] requires exactly one of k, distance or score to be set");
  const k = Number(said["k"]);
  if (!(k > 0 && k <= mostNeighbours))
    throw illegalArgument(`[knn] requires k to be in the range (0, ${mostNeighbours}]`);
  const filter = said["filter"] === undefined ? undefined : parse(said["filter"]);
  const boost = boostOf(said);
  return {
    score: (view) => {
      const { space } = vectorField(view, path, vector);
      const prepared = preparedVector(vector, space);
      const allowed = filter?.score(view);
      const near: { ordinal: number; score: number }[] = [];
      view.segment.vectors(path)?.each((ordinal, all, at) => {
        if (allowed && (allowed[ordinal] as number) < 0) return;
        near.push({ ordinal, score: space.score(prepared, all, at) });
      });
      near.sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
      const scores = nothing(view);
      for (const { ordinal, score } of near.slice(0, k)) scores[ordinal] = score * boost;
      return scores;
    },
    clauses: (view) => {
      if (filter) checkWhole(filter.clauses(view));
      return 1;
    },
    words: noWords,
  };
};
