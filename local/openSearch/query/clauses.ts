import { refuse } from "../errors";
import type { Field } from "../mapping/field";

/** What `indices.query.bool.max_clause_count` is as long as nobody changes it. */
const mostClauses = 1_024;

/** Of one part of a query, while it is made: as many as were written, with all that come again. */
export const checkPart = (clauses: number): void => {
  if (clauses > mostClauses)
    throw refuse({ type: "too_many_clauses", reason: `maxClauseCount is set to ${mostClauses}` });
};

export const tooManyNested = "too_many_nested_clauses";

/**
 * Of a whole query, once it is made. OpenSearch 2 answers 500, as if it were at fault. Lucene looks before it counts:
 * there, one more than the limit still passes.
 */
export const checkWhole = (clauses: number): void => {
  if (clauses <= mostClauses) return;
  const reason = `Query contains too many nested clauses; maxClauseCount is set to ${mostClauses}`;
  throw refuse({ type: tooManyNested, reason }, 500);
};

/** Of a value: a number is looked up in the index or in the column, whichever is cheaper, and both count. */
export const valueClauses = (field: Field | undefined): number =>
  field ? (field.kind === "number" && field.columnar ? 2 : 1) : 0;

/** Of any number of values together, of a range, of a beginning. */
export const valuesClauses = (field: Field | undefined): number => (field ? (field.columnar ? 2 : 1) : 0);
