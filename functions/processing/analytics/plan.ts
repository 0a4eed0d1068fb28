import { accountCreated } from "../events/accountCreated";
import { accountDeleted } from "../events/accountDeleted";
import { accountUpdated } from "../events/accountUpdated";
import { categoryRulesApplied } from "../events/categoryRulesApplied";
import type { PlatformEvent } from "../events/definition";
import { fileProcessed } from "../events/fileProcessed";
import { transactionsCreated } from "../events/transactionsCreated";
import { transactionsDeleted } from "../events/transactionsDeleted";
import { transactionUpdated } from "../events/transactionUpdated";

export const analyticsTypes = ["cash_flow", "category_trends", "financial_health"] as const;
export type AnalyticsType = (typeof analyticsTypes)[number];

/** What asks for analytics. */
export const askingEvents = [
  fileProcessed,
  transactionsCreated,
  transactionUpdated,
  transactionsDeleted,
  accountCreated,
  accountUpdated,
  accountDeleted,
  categoryRulesApplied,
];

export type AskingEvent = PlatformEvent<(typeof askingEvents)[number]>;

/** What an event asks for: which analytics, none of them where the list is empty, and how urgently, 1 before 3. */
export interface Plan {
  priority: 1 | 2 | 3;
  types: readonly AnalyticsType[];
}

const plans: ReadonlyMap<string, Plan> = new Map<string, Plan>([
  [fileProcessed.type, { priority: 2, types: analyticsTypes }],
  [transactionsCreated.type, { priority: 2, types: analyticsTypes }],
  [transactionsDeleted.type, { priority: 2, types: analyticsTypes }],
  [transactionUpdated.type, { priority: 3, types: ["cash_flow"] }],
  // Without transactions there is nothing to compute of an account, and its name changes no figure.
  [accountCreated.type, { priority: 3, types: [] }],
  [accountUpdated.type, { priority: 3, types: [] }],
  [accountDeleted.type, { priority: 1, types: analyticsTypes }],
  [categoryRulesApplied.type, { priority: 3, types: ["category_trends"] }],
]);

/** What an edit changes besides, where it moves a transaction into another category. */
const moved: Plan = { priority: 3, types: ["cash_flow", "category_trends"] };

const movesCategory = (changes: unknown): boolean =>
  Array.isArray(changes) && changes.some((change: { field?: unknown }) => change.field === "categoryId");

export const planOf = ({ eventType, payload }: Pick<AskingEvent, "eventType" | "payload">): Plan | undefined =>
  eventType === transactionUpdated.type && "changes" in payload && movesCategory(payload["changes"])
    ? moved
    : plans.get(eventType);
