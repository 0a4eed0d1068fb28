import { UserError } from "../local/engine/stackFile";

const dayMs = 86_400_000;

/** Since when logs are looked into: a day ago, if nothing is said. */
export const sinceOf = (text: string | undefined, now: number): number => {
  const since = text === undefined ? now - dayMs : Date.parse(text);
  if (Number.isNaN(since)) throw new UserError("--since must be a moment such as 2026-10-29T12:30:00Z");
  return since;
};
