import { requireTime } from "../../batch";
import type { Run } from "../../consume/run";
import { Failure } from "../../failure";
import type { Rule } from "../rule";
import type { Transaction } from "../transaction";
import type { Matcher } from "./match";

/** So long rules are tried in one go: then the other events of the invocation have their turn. */
const stretchMs = 50;
/** As long as the rules of one person may be tried on transactions that are looked at together. */
const longestMatchingMs = 10_000;

const tooDear = (): Failure =>
  new Failure("validation", `the rules take more than ${longestMatchingMs / 1_000} s: their patterns must be simpler`, {
    origin: "input",
    field: "regex",
  });

/**
 * Finds of each transaction the first of the matchers, in their order, that matches. What it takes is counted where it is
 * done: nobody's rules are paid for by those whose events came with them.
 */
export const chooseRules = async (
  transactions: readonly Transaction[],
  matchers: readonly Matcher[],
  each: (transaction: Transaction, rule: Rule) => void,
  run: Run,
): Promise<void> => {
  let spentMs = 0;
  let startedAt = run.now();
  const pause = async (): Promise<void> => {
    spentMs += run.now() - startedAt;
    if (spentMs > longestMatchingMs) throw tooDear();
    requireTime(run);
    await run.sleep(0);
    startedAt = run.now();
  };
  for (const transaction of transactions) {
    for (const { rule, matches } of matchers) {
      const found = matches(transaction);
      if (run.now() - startedAt >= stretchMs) await pause();
      if (!found) continue;
      each(transaction, rule);
      break;
    }
  }
};
