import { requireTime } from "../batch";
import type { Run } from "../consume/run";
import { overtaken } from "../effects/overtaken";
import type { Act } from "../ledger/commit";
import { requireOwner } from "../ledger/owner";
import { ownRows, query } from "../ledger/query";
import { readTransactions, visibleOf } from "../ledger/read";
import { transactionsTable } from "../ledger/row";
import type { Rule } from "../ledger/rule";
import { categorize } from "../ledger/rules/categorize";
import { chooseRules } from "../ledger/rules/choose";
import { inOrder, type Matcher, matcherOf } from "../ledger/rules/match";
import { readRules } from "../ledger/rules/read";
import type { Transaction, TransactionRow } from "../ledger/transaction";
import type { CategorizedAfter } from "./heard";

/** As many transactions as are looked at together. */
export const batchSize = 100;

/** `none`: there are no rules, no transactions, or none that match. */
export type Outcome = "categorized" | "none";

type Keep = (transaction: Transaction) => boolean;

/** What is done with transactions that an event leads to; says of how many something came. */
type Each = (transactions: readonly Transaction[]) => Promise<number>;

/** By their ids, where the event names them. */
const named = async (ids: readonly string[], owner: string, each: Each, run: Run): Promise<number> => {
  let changed = 0;
  for (let at = 0; at < ids.length; at += batchSize) {
    requireTime(run);
    changed += await overtaken(run, async () =>
      each(await readTransactions(owner, ids.slice(at, at + batchSize), run)),
    );
  }
  return changed;
};

/** All of a person's that are to be kept: from the table itself, since an index lags behind. */
const searched = async (keep: Keep, owner: string, each: Each, run: Run): Promise<number> => {
  let changed = 0;
  let place: Awaited<ReturnType<typeof query>>["next"];
  do {
    requireTime(run);
    const { rows, next } = await query(ownRows(transactionsTable, owner), owner, batchSize, place, run);
    const seen = await visibleOf(owner, rows as unknown as TransactionRow[], run);
    const ids = seen.filter(keep).map(({ transactionId }) => transactionId);
    changed += await named(ids, owner, each, run);
    place = next;
  } while (place);
  return changed;
};

/** A category that somebody chose or took away, or that an earlier rule found, is not changed unasked. */
const isOpen: Keep = ({ categoryId, assignment }) => categoryId === undefined && assignment?.type !== "manual";

/** Hands over all transactions that the event leads to, as many at a time as are looked at together. */
const eachOf = async ({ payload }: CategorizedAfter, owner: string, keep: Keep, each: Each, run: Run) => {
  const kept: Each = (transactions) => each(transactions.filter(keep));
  if ("rulePattern" in payload) return payload["autoApply"] ? searched(keep, owner, kept, run) : 0;
  const { transactionIds, transactionCount, fileId } = payload;
  const ids = transactionIds as readonly string[];
  // Where they are too many for an event, it is their file that leads to them.
  const leftOut = ids.length === 0 && Number(transactionCount) > 0 && fileId !== undefined;
  return leftOut
    ? searched((one) => one.fileId === fileId && keep(one), owner, kept, run)
    : named(ids, owner, kept, run);
};

/** The rules that a person has applied without being asked, in their order. */
const automaticRules = async (owner: string, run: Run): Promise<Matcher[]> =>
  inOrder((await readRules(owner, run)).filter(({ autoApply }) => autoApply)).map(matcherOf);

/**
 * Puts what has no category yet into those of its owner's rules, the rules of highest priority first. What is done is seen in
 * the rows, so that an event that comes again, or goes on after it was cut off, finds the rest.
 */
export const categorizeAutomatically = async (event: CategorizedAfter, run: Run): Promise<Outcome> => {
  const owner = requireOwner(event.userId);
  const matchers = await automaticRules(owner, run);
  if (matchers.length === 0) return "none";
  const { eventId, correlationId } = event;
  const act: Act = { owner, changeId: eventId, at: run.now(), correlationId, causationId: eventId };
  const each: Each = (transactions) => categorize(transactions, matchers, "automated", act, run);
  return (await eachOf(event, owner, isOpen, each, run)) > 0 ? "categorized" : "none";
};

/**
 * What the event would have put where, by rule, without doing it; what it has done already counts too, so that it does not
 * matter who comes first.
 */
export const foreseeCategories = async (event: CategorizedAfter, run: Run): Promise<Map<string, string[]>> => {
  const owner = requireOwner(event.userId);
  const matchers = await automaticRules(owner, run);
  const foreseen = new Map<string, string[]>();
  if (matchers.length === 0) return foreseen;
  const touched: Keep = (one) => isOpen(one) || one.change_id === event.eventId;
  const each: Each = async (transactions) => {
    const foresee = ({ transactionId }: Transaction, { ruleId }: Rule) => {
      const ids = foreseen.get(ruleId);
      if (ids) ids.push(transactionId);
      else foreseen.set(ruleId, [transactionId]);
    };
    await chooseRules(transactions, matchers, foresee, run);
    return transactions.length;
  };
  await eachOf(event, owner, touched, each, run);
  return foreseen;
};
