import { knownOnly } from "../errors";
import { asList } from "../json";
import { checkPart } from "./clauses";
import { restrict, sumOf } from "./combine";
import type { QueryKind } from "./query";
import { asObject, boostOf, leastOf } from "./source";

export const bool: QueryKind = (source, parse) => {
  const options = asObject(source, "bool");
  knownOnly(options, ["must", "should", "filter", "must_not", "minimum_should_match", "boost"], "the [bool] query");
  const clauses = (name: string) => asList(options[name] ?? []).map(parse);
  const [must, should, filter, mustNot] = ["must", "should", "filter", "must_not"].map(clauses) as [
    ReturnType<typeof clauses>,
    ReturnType<typeof clauses>,
    ReturnType<typeof clauses>,
    ReturnType<typeof clauses>,
  ];
  const boost = boostOf(options);
  const needsNone = must.length + filter.length > 0 || should.length === 0;
  const least = leastOf(options["minimum_should_match"] ?? (needsNone ? 0 : 1), should.length);
  return {
    score: (view) => {
      if (Object.keys(options).every((name) => name === "boost"))
        return new Float64Array(view.segment.size).fill(boost);
      const required = must.map((query) => query.score(view));
      const optional = should.map((query) => query.score(view));
      const scores = sumOf(view, [...required, sumOf(view, optional, least)], required.length + 1);
      for (const query of filter) restrict(scores, query.score(view), "matching");
      for (const query of mustNot) restrict(scores, query.score(view), "others");
      return boost === 1 ? scores : scores.map((score) => (score < 0 ? score : score * boost));
    },
    clauses: (view) => {
      const parts = [...must, ...should, ...filter, ...mustNot];
      checkPart(parts.length);
      return parts.reduce((sum, part) => sum + part.clauses(view), 0);
    },
    words: (view) => [...must, ...should, ...filter].flatMap((query) => query.words(view)),
  };
};
