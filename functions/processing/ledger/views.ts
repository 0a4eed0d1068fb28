import * as v from "valibot";
import type { Run } from "../consume/run";
import { readCursor, writeCursor } from "../http/cursor";
import type { Answer } from "../http/operation";
import { Problem } from "../http/problem";
import { etag } from "../http/request";
import { isPlaceIn, query, type Range } from "./query";

/** A row as its owner sees it. */
export const shown = (status: number, schema: v.GenericSchema, row: { version: number }): Answer => ({
  status,
  body: v.parse(schema, row),
  headers: etag(row.version),
});

export const gone: Answer = { status: 204 };

/** Refuses a change of what is no longer what the caller read. */
export const requireVersion = (row: { version: number }, ...wanted: readonly (number | undefined)[]): void => {
  if (wanted.every((one) => one === undefined || one === row.version)) return;
  throw new Problem(
    409,
    "It was changed since you read it: read it again.",
    [{ detail: "is not the current version", pointer: "#/version" }],
    etag(row.version),
  );
};

/** A page of rows that need no second look. */
export const pageOfRows = async (
  range: Range,
  schema: v.GenericSchema,
  { owner, limit, cursor }: { owner: string; limit: number; cursor: string | undefined },
  seen: (row: Record<string, unknown>) => boolean,
  run: Run,
): Promise<Answer> => {
  const list = [owner, range.table.label];
  let place = cursor === undefined ? undefined : readCursor(list, cursor, isPlaceIn(range));
  const items: unknown[] = [];
  do {
    const found = await query(range, owner, limit - items.length, place, run);
    items.push(...found.rows.filter(seen).map((row) => v.parse(schema, row)));
    place = found.next;
  } while (place && items.length < limit);
  return { status: 200, body: { items, ...(place && { next: writeCursor(list, place) }) } };
};

/** A limit on how many of something one person has: nobody needs more, and nobody can fill the tables. */
export const tooMany = (what: string, most: number): Problem =>
  new Problem(422, `You have ${most} ${what}, which is the most.`);
