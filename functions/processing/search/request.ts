import { createHash } from "node:crypto";
import * as v from "valibot";
import { grades } from "../analysis/schema";
import { day } from "../events/fields";
import { validate } from "../events/validate";
import { Failure } from "../failure";
import { type IndexName, indexNames } from "./indices";

export const largestPage = 50;
const defaultPage = 10;
const longestText = 500;

const only = (...names: string[]) => {
  const known = `must not be there: known are ${names.join(", ")}`;
  return (issue: { expected: string | null }) => (issue.expected === "never" ? known : "must be an object");
};

const ratings = [...grades, "Not Rated"] as const;

const filtersSchema = v.pipe(
  v.strictObject(
    {
      types: v.optional(
        v.pipe(
          v.array(v.picklist(indexNames, `must be one of ${indexNames.join(", ")}`), "must be a list"),
          v.minLength(1, "must have at least one of them"),
        ),
      ),
      sector: v.optional(
        v.pipe(
          v.string("must be a string"),
          v.trim(),
          v.minLength(1, "must not be empty"),
          v.maxLength(100, "must have at most 100 characters"),
        ),
      ),
      rating: v.optional(v.picklist(ratings, `must be one of ${ratings.join(", ")}`)),
      from: v.optional(day),
      to: v.optional(day),
    },
    only("types", "sector", "rating", "from", "to"),
  ),
  v.forward(
    v.check(({ from, to }) => !from || !to || from <= to, "must not be before from"),
    ["to"],
  ),
);

const sizeRule = `must be a whole number from 1 to ${largestPage}`;

const querySchema = v.strictObject(
  {
    text: v.pipe(
      v.string("must be a string"),
      v.trim(),
      v.minLength(1, "must not be empty"),
      v.maxLength(longestText, `must have at most ${longestText} characters`),
    ),
    filters: v.optional(filtersSchema, {}),
    size: v.optional(
      v.pipe(v.number(sizeRule), v.integer(sizeRule), v.minValue(1, sizeRule), v.maxValue(largestPage, sizeRule)),
      defaultPage,
    ),
    cursor: v.optional(v.pipe(v.string("must be a string"), v.maxLength(200, "must be a `next` of an answer"))),
  },
  only("text", "filters", "size", "cursor"),
);

/** What another team may ask: `aws lambda invoke --payload '{"text": "…"}'`. */
export type Query = v.InferInput<typeof querySchema>;

export interface Filters {
  types: readonly IndexName[];
  sector?: string | undefined;
  rating?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** A query that was checked. */
export interface Request {
  text: string;
  filters: Filters;
  size: number;
  /** How many of the results were on earlier pages. */
  offset: number;
}

/** Pages of one query belong together, whatever their sizes. */
const fingerprint = ({ text, filters }: Pick<Request, "text" | "filters">): string =>
  createHash("sha256")
    .update(JSON.stringify([text, filters]))
    .digest("base64url")
    .slice(0, 10);

const place = v.pipe(v.string(), v.parseJson(), v.tuple([v.pipe(v.number(), v.integer(), v.minValue(1)), v.string()]));

const offsetIn = (cursor: string | undefined, request: Pick<Request, "text" | "filters">): number => {
  if (cursor === undefined) return 0;
  const parsed = v.safeParse(place, Buffer.from(cursor, "base64url").toString("utf8"));
  if (parsed.success && parsed.output[1] === fingerprint(request)) return parsed.output[0];
  const field = "query.cursor";
  throw new Failure("validation", `${field} must be the next of an answer to the same query`, {
    origin: "input",
    field,
  });
};

/** Where the page after this one begins. */
export const cursorAt = (offset: number, request: Request): string =>
  Buffer.from(JSON.stringify([offset, fingerprint(request)])).toString("base64url");

export const parseRequest = (input: unknown): Request => {
  const { text, filters, size, cursor } = validate(querySchema, input, "query");
  const { types, ...rest } = filters;
  const asked = { text, filters: { types: types ? [...new Set(types)].sort() : indexNames, ...rest } };
  return { ...asked, size, offset: offsetIn(cursor, asked) };
};
