import { createHash } from "node:crypto";
import * as v from "valibot";
import { limits } from "../limits";
import { Problem } from "./problem";

const schema = v.pipe(
  v.string(),
  v.parseJson(),
  v.tuple([v.string(), v.record(v.string(), v.pipe(v.string(), v.minLength(1), v.maxBytes(limits.sortKeyBytes)))]),
);

export type Place = Record<string, string>;

/** The list that a cursor belongs to: whose it is, and what was asked for. */
const mark = (list: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 22);

/** Where the next page begins. It names a row of its owner's, and is good for the same list of the same owner only. */
export const writeCursor = (list: readonly unknown[], place: Place): string =>
  Buffer.from(JSON.stringify([mark(list), place])).toString("base64url");

/** `isIn` tells whether a place can be one of the list's: whoever knows how a cursor is made can make one. */
export const readCursor = (list: readonly unknown[], cursor: string, isIn: (place: Place) => boolean): Place => {
  const parsed = v.safeParse(schema, Buffer.from(cursor, "base64url").toString("utf8"));
  if (parsed.success && parsed.output[0] === mark(list) && isIn(parsed.output[1])) return parsed.output[1];
  const rule = "must be the one with which a page of the same list ended";
  throw new Problem(400, `cursor ${rule}`, [{ detail: rule, parameter: "cursor" }]);
};
