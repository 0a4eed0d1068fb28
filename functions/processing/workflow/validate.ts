import type { Run } from "../consume/run";
import type { DataType } from "../fundamentals/dataTypes";
import { readHeads } from "../fundamentals/heads";
import type { Item } from "./item";

export interface Validation {
  isValid: boolean;
  /** What is missing, in words. */
  problem: string;
  /** When the newest answer of each type was received: the analysis uses just these. */
  versions: Partial<Record<DataType, number>>;
}

/** Without these there is nothing to rate by. What else is missing lowers the confidence, and is no reason to refuse. */
const needed = ["company_overview", "income_statement", "balance_sheet"] as const satisfies DataType[];

/** Is there enough of the company to say anything? */
export const validateData = async ({ assetId }: Item, run: Run): Promise<Validation> => {
  const heads = await readHeads(assetId, run);
  const empty = needed.filter((type) => Object.keys(heads[type]?.current ?? {}).length === 0);
  return {
    isValid: empty.length === 0,
    problem: empty.length === 0 ? "" : `nothing is stored of ${empty.join(", ")}`,
    versions: Object.fromEntries(Object.entries(heads).map(([type, head]) => [type, head.source_time])),
  };
};
