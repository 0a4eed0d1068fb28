import { categoryRuleCreated } from "../events/categoryRuleCreated";
import type { PlatformEvent } from "../events/definition";
import { fileProcessed } from "../events/fileProcessed";
import { transactionsCreated } from "../events/transactionsCreated";

/** What brings transactions without a category, or a rule that may have one for them. */
export const categorizedAfter = [fileProcessed, transactionsCreated, categoryRuleCreated];

export type CategorizedAfter = PlatformEvent<(typeof categorizedAfter)[number]>;
