import { invalid } from "../refused";

export interface Page<T> {
  items: readonly T[];
  /** Undefined after the last page. */
  next: string | undefined;
}

/** A page of a list that is made anew for each call. */
export const pageOf = <T>(all: readonly T[], size: number, token: string | undefined): Page<T> => {
  const decoded = token === undefined ? "0" : Buffer.from(token, "base64url").toString();
  if (!/^\d+$/.test(decoded)) throw invalid("The specified nextToken is invalid.");
  const from = Number(decoded);
  const to = from + size;
  return {
    items: all.slice(from, to),
    next: to < all.length ? Buffer.from(String(to)).toString("base64url") : undefined,
  };
};
