import { illegalArgument, OpenSearchError, searchFailed } from "../errors";
import { asFloat } from "../index/bm25";
import type { SearchIndex } from "../index/searchIndex";
import { resultWindow } from "../index/settings";
import { primaryTerm } from "../index/versions";
import { scoreIn } from "../query/parse";
import { Best } from "./best";
import type { Hit } from "./hit";
import type { SearchRequest } from "./request";
import { afterTest, comparison } from "./sort";

const checkWindow = ({ from, size }: SearchRequest, { settings }: SearchIndex): void => {
  const window = resultWindow(settings);
  if (from + size > window) {
    throw illegalArgument(
      `Result window is too large, from + size must be less than or equal to: [${window}] but was [${from + size}]. See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.`,
    );
  }
};

interface Found {
  total: number;
  maxScore: number;
  hits: Hit[];
}

const find = (indices: readonly SearchIndex[], request: SearchRequest): Found => {
  const { query, sorts, minScore, from, size } = request;
  const best = new Best<Hit>(from + size, comparison(sorts));
  const failed: { index: string; error: OpenSearchError }[] = [];
  let total = 0;
  let maxScore = Number.NEGATIVE_INFINITY;
  for (const [shard, view] of indices.entries()) {
    try {
      checkWindow(request, view);
      const isAfter = afterTest(sorts, request.searchAfter, from, view);
      const scores = scoreIn(view, query);
      for (const [ordinal, document] of view.segment.documents.entries()) {
        // As the floats that Lucene compares, so that the same ones are equal.
        const score = Math.fround(scores[ordinal] as number);
        if (!document || score < 0 || score < minScore) continue;
        total++;
        if (score > maxScore) maxScore = score;
        const hit = { view, shard, ordinal, document, score };
        for (const { count } of request.countings) count(hit);
        const keys = sorts.map(({ keyOf }) => keyOf(hit));
        if (isAfter(keys)) best.offer({ ...hit, keys });
      }
    } catch (error) {
      if (!(error instanceof OpenSearchError)) throw error;
      failed.push({ index: view.name, error });
    }
  }
  // Some that fail among some that do not would be an answer in part, which nobody here should take for a whole one.
  if (failed.length > 0) throw searchFailed(failed);
  return { total, maxScore, hits: best.sorted().slice(from) };
};

const shown = (hit: Hit, { source, highlight, sorts, query, ...request }: SearchRequest, scored: boolean): object => {
  const { document, view, keys } = hit;
  const marked = highlight?.(hit, query) ?? {};
  return {
    _index: view.name,
    _id: document.id,
    ...(request.showVersion && { _version: document.version }),
    ...(request.showSeqNo && { _seq_no: document.seqNo, _primary_term: primaryTerm }),
    _score: scored ? asFloat(hit.score) : null,
    ...(source && { _source: source(document.source) }),
    ...(Object.keys(marked).length > 0 && { highlight: marked }),
    ...(sorts.length > 0 && { sort: sorts.map(({ show }, at) => show(keys[at], view)) }),
  };
};

export const shards = (count: number) => ({ total: count, successful: count, skipped: 0, failed: 0 });

/** Finds, sorts and shows. */
export const search = (indices: readonly SearchIndex[], request: SearchRequest): object => {
  const startedAt = performance.now();
  const { counted, sorts, countings } = request;
  const { total, maxScore, hits } = find(indices, request);
  const scored = sorts.length === 0 || request.trackScores || sorts.some(({ byScore }) => byScore);
  const value = Math.min(total, counted);
  return {
    took: Math.round(performance.now() - startedAt),
    timed_out: false,
    _shards: shards(indices.length),
    hits: {
      ...(counted > 0 && { total: { value, relation: total > counted ? "gte" : "eq" } }),
      max_score: scored && request.size > 0 && total > 0 ? asFloat(maxScore) : null,
      hits: hits.map((hit) => shown(hit, request, scored)),
    },
    ...(countings.length > 0 && {
      aggregations: Object.fromEntries(countings.map(({ name, answer }) => [name, answer()])),
    }),
  };
};
