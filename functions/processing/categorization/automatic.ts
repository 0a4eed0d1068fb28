import { requireTime } from "../batch";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import { categoryRuleCreated } from "../events/categoryRuleCreated";
import type { PlatformEvent } from "../events/definition";
import { fileProcessed } from "../events/fileProcessed";
import { transactionsCreated } from "../events/transactionsCreated";
import type { Act } from "../ledger/commit";
import { requireOwner } from "../ledger/owner";
import { ownRows, query } from "../ledger/query";
import { readTransactions, visibleOf } from "../ledger/read";
import { transactionsTable } from "../ledger/row";
import { categorize } from "../ledger/rules/categorize";
import { inOrder, type Matcher, matcherOf } from "../ledger/rules/match";
import { readRules } from "../ledger/rules/read";
import type { Transaction, TransactionRow } from "../ledger/transaction";

/** What brings transactions without a category, or a rule that may have one for them. */
export const categorizedAfter = [fileProcessed, transactionsCreated, categoryRuleCreated];

export type CategorizedAfter = PlatformEvent<(typeof categorizedAfter)[number]>;

/** As many transactions as are looked at together. */
export const batchSize = 100;

/** `none`: there are no rules, no transactions, or none that match. */
export type Outcome = "categorized" | "none";

type Keep = (transaction: Transaction) => boolean;

/** By their ids, where the event names them. */
const named = async (ids: readonly string[], act: Act, matchers: readonly Matcher[], run: Run): Promise<number> => {
  let changed = 0;
  for (let at = 0; at < ids.length; at += batchSize) {
    requireTime(run);
    changed += await overtaken(run, async () => {
      const transactions = await readTransactions(act.owner, ids.slice(at, at + batchSize), run);
      return categorize(transactions.filter(isOpen), matchers, "automated", act, run);
    });
  }
  return changed;
};

/** All of a person's that are to be kept: from the table itself, since an index lags behind. */
const searched = async (keep: Keep, act: Act, matchers: readonly Matcher[], run: Run): Promise<number> => {
  let changed = 0;
  let place: Awaited<ReturnType<typeof query>>["next"];
  do {
    requireTime(run);
    const { rows, next } = await query(ownRows(transactionsTable, act.owner), act.owner, batchSize, place, run);
    const seen = await visibleOf(act.owner, rows as unknown as TransactionRow[], run);
    const ids = seen.filter((one) => isOpen(one) && keep(one)).map(({ transactionId }) => transactionId);
    changed += await named(ids, act, matchers, run);
    place = next;
  } while (place);
  return changed;
};

/** A category that somebody chose, or that an earlier rule found, is not changed unasked. */
const isOpen: Keep = ({ categoryId }) => categoryId === undefined;

const changedBy = async ({ payload }: CategorizedAfter, act: Act, matchers: readonly Matcher[], run: Run) => {
  if ("rulePattern" in payload) return payload["autoApply"] ? searched(() => true, act, matchers, run) : 0;
  const { transactionIds, transactionCount, fileId } = payload;
  const ids = transactionIds as readonly string[];
  // Where they are too many for an event, it is their file that leads to them.
  const leftOut = ids.length === 0 && Number(transactionCount) > 0 && fileId !== undefined;
  return leftOut ? searched((one) => one.fileId === fileId, act, matchers, run) : named(ids, act, matchers, run);
};

/**
 * Puts what has no category yet into those of its owner's rules, the rules of highest priority first. What is done is seen in
 * the rows, so that an event that comes again, or goes on after it was cut off, finds the rest.
 */
export const categorizeAutomatically = async (event: CategorizedAfter, run: Run): Promise<Outcome> => {
  const owner = requireOwner(event.userId);
  const rules = (await readRules(owner, run)).filter(({ autoApply }) => autoApply);
  if (rules.length === 0) return "none";
  const { eventId, correlationId } = event;
  const act: Act = { owner, changeId: eventId, at: run.now(), correlationId, causationId: eventId };
  return (await changedBy(event, act, inOrder(rules).map(matcherOf), run)) > 0 ? "categorized" : "none";
};
