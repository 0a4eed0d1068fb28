import { createHash } from "node:crypto";

/** The id of an event that follows from another: the same each time, however long the ids are that it comes from. */
export const derivedId = (what: string, ...from: readonly (string | number)[]): string =>
  `${what}-${createHash("sha256")
    .update(JSON.stringify([what, ...from]))
    .digest("hex")
    .slice(0, 32)}`;
