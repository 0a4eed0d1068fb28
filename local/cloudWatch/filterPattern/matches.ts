import type { LogLine } from "../logLine";

export type Matches = (line: LogLine) => boolean;
