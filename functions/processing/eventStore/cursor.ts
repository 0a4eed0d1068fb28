import * as v from "valibot";
import { Failure } from "../failure";

/** How far each partition has been read: the last row that was taken. */
export type Places = Record<string, [occurredAt: string, eventId: string]>;

const schema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.tuple([v.string(), v.string()])));

export const writeCursor = (places: Places): string => Buffer.from(JSON.stringify(places)).toString("base64url");

export const foreignCursor = (): Failure =>
  new Failure("validation", "cursor must be one that a page of the same selection ended with", {
    origin: "input",
    field: "cursor",
  });

export const readCursor = (text: string): Places => {
  const result = v.safeParse(schema, Buffer.from(text, "base64url").toString("utf8"));
  if (!result.success || Object.keys(result.output).length === 0) throw foreignCursor();
  return result.output;
};
