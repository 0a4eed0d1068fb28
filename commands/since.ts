import { UserError } from "../local/engine/stackFile";

const dayMs = 86_400_000;

/** Clocks disagree: what lies a little ahead is found too. */
export const aheadMs = 2 * dayMs;

/** Since when it is, by the platform's clock; nothing can have been said after now. */
type Since = (now: number) => number;

/** Since when logs are looked into, given what the platform's clock shows: a day ago, if nothing is said. */
export const sinceOf = (text: string | undefined): Since => {
  if (text === undefined) return (now) => now - dayMs;
  const since = Date.parse(text);
  if (Number.isNaN(since)) throw new UserError("--since must be a moment such as 2026-10-29T12:30:00Z");
  return (now) => {
    if (since <= now) return since;
    throw new UserError(`--since must be before now: the platform's clock shows ${new Date(now).toISOString()}`);
  };
};
