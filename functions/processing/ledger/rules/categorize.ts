import type { Run } from "../../consume/run";
import { categoryRulesApplied } from "../../events/categoryRulesApplied";
import { transactionCategorized } from "../../events/transactionCategorized";
import { limits } from "../../limits";
import { type Act, commit, type Step, tell } from "../commit";
import { transactionsTable } from "../row";
import type { Rule } from "../rule";
import { type Transaction, transactionRow } from "../transaction";
import { chooseRules } from "./choose";
import type { Matcher } from "./match";

/** How rules came to be applied. */
export type ApplicationType = "manual" | "bulk" | "automated";

interface Match {
  before: Transaction;
  rule: Rule;
}

/** Each takes its row and its event, and one more event tells of them together. */
const mostAtOnce = Math.floor((limits.transactionItems - 1) / 2);

/** What a person decided is not overruled; nor is anything done again that is as the rule would have it. */
const isOpen = (before: Transaction, rule: Rule): boolean =>
  before.assignment?.type !== "manual" &&
  (before.categoryId !== rule.categoryId || before.assignment?.ruleId !== rule.ruleId);

const stepOf = ({ before, rule }: Match, act: Act): Step => {
  const { ruleId, categoryId, confidence } = rule;
  const after = transactionRow({
    ...before,
    categoryId,
    assignment: { type: "rule_based", confidence, ruleId },
    version: before.version + 1,
    updatedAt: new Date(act.at).toISOString(),
    change_id: act.changeId,
  });
  const { transactionId, accountId } = before;
  const payload = {
    transactionId,
    ...(accountId !== undefined && { accountId }),
    categoryId,
    ...(before.categoryId !== undefined && { previousCategoryId: before.categoryId }),
    confidence,
    assignmentType: "rule_based",
    ruleId,
  } as const;
  return {
    rows: [{ table: transactionsTable, before, after }],
    tells: [tell(transactionCategorized, payload, act, `${transactionId}#${after.version}`)],
  };
};

/** With the last of the matches it is told which rules put what into the category. */
const stepsOf = (matches: readonly Match[], type: ApplicationType, act: Act): Step[] => {
  const steps = matches.map((match) => stepOf(match, act));
  const [first] = matches;
  const last = steps.at(-1);
  if (!first || !last) return [];
  const event = tell(
    categoryRulesApplied,
    {
      categoryId: first.rule.categoryId,
      ruleIds: [...new Set(matches.map(({ rule }) => rule.ruleId))],
      transactionIds: matches.map(({ before }) => before.transactionId),
      applicationType: type,
    },
    act,
    `${first.before.transactionId}#${first.before.version}`,
  );
  return [...steps.slice(0, -1), { ...last, tells: [...last.tells, event] }];
};

/**
 * Puts transactions into the categories of the first rules that match them, each with its event, and for each category one
 * event for as many as fit a transaction. Repeated, it changes nothing more. Returns how many were changed.
 */
export const categorize = async (
  transactions: readonly Transaction[],
  matchers: readonly Matcher[],
  type: ApplicationType,
  act: Act,
  run: Run,
): Promise<number> => {
  const matches: Match[] = [];
  const match = (before: Transaction, rule: Rule) => {
    if (isOpen(before, rule)) matches.push({ before, rule });
  };
  await chooseRules(transactions, matchers, match, run);
  for (const category of new Set(matches.map(({ rule }) => rule.categoryId))) {
    const ofOne = matches.filter(({ rule }) => rule.categoryId === category);
    for (let at = 0; at < ofOne.length; at += mostAtOnce) {
      await commit(stepsOf(ofOne.slice(at, at + mostAtOnce), type, act), run);
    }
  }
  return matches.length;
};
