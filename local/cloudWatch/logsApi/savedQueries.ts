import { createHash } from "node:crypto";
import { readQuery } from "../insights/query";

/** A query of Logs Insights that was saved for whoever needs it. */
export interface SavedQuery {
  id: string;
  name: string;
  queryString: string;
  logGroupNames: readonly string[];
  savedAt: number;
}

/** The same id each time for the same name. One that could not be asked here is refused now, not when it is needed. */
export const saveQuery = (
  name: string,
  queryString: string,
  logGroupNames: readonly string[],
  savedAt: number,
): SavedQuery => {
  readQuery(queryString);
  const hash = createHash("sha256").update(name).digest("hex");
  const id = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join(
    "-",
  );
  return { id, name, queryString, logGroupNames, savedAt };
};
