/** Where a company's data stands, as a whole and for each type of it. */
export const statuses = ["pending", "processing", "retrying", "complete", "failed"] as const;
export type Status = (typeof statuses)[number];

/** From each status, those that may follow. A new request starts over from what has ended. */
const following: Record<Status, readonly Status[]> = {
  // Failed before it was begun: what was asked for turned out to be impossible.
  pending: ["processing", "failed"],
  // Back to pending: it has to wait, for a call of tomorrow's budget perhaps. That is no failure.
  processing: ["pending", "retrying", "complete", "failed"],
  retrying: ["processing", "failed"],
  complete: ["pending"],
  failed: ["pending"],
};

export const mayFollow = (from: Status, to: Status): boolean => following[from].includes(to);

export const isOpen = (status: Status): boolean => status !== "complete" && status !== "failed";

/** What the parts' statuses amount to. */
export const wholeOf = (parts: readonly Status[]): Status => {
  const any = (status: Status) => parts.includes(status);
  if (!parts.some(isOpen)) return any("failed") ? "failed" : "complete";
  if (any("processing")) return "processing";
  if (any("retrying")) return "retrying";
  return parts.every((status) => status === "pending") ? "pending" : "processing";
};
