/** What a rating is beside the one before: an outdated one came late, and a newer one is there. */
export const standings = ["first", "changed", "confirmed", "outdated"] as const;
export type Standing = (typeof standings)[number];

/** What there is to tell of an analysis. */
export type Kind = Standing | "failed";

/** Where nobody wrote down how a rating stood. */
export const kindOf = (status: "completed" | "failed", changedFrom = ""): Kind =>
  status === "failed" ? "failed" : changedFrom ? "changed" : "confirmed";
