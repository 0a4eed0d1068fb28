import { english } from "./english";
import { standard } from "./standard";
import type { Analyzer } from "./token";

export const analyzers: Readonly<Record<string, Analyzer>> = { english, standard };
