import { jsonPattern } from "./filterPattern/json";
import type { Matches } from "./filterPattern/matches";
import { termPattern } from "./filterPattern/terms";
import { unsupported } from "./refused";

export type { Matches } from "./filterPattern/matches";

/** Reads a filter pattern of CloudWatch Logs. The empty one matches every line. */
export const filterPattern = (pattern: string): Matches => {
  const trimmed = pattern.trim();
  if (trimmed.startsWith("[")) throw unsupported(`a space-delimited filter pattern, as ${trimmed},`);
  return trimmed.startsWith("{") ? jsonPattern(trimmed) : termPattern(trimmed);
};
