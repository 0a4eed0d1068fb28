import { serve } from "../../http/api";
import { readCursor, writeCursor } from "../../http/cursor";
import { wrongField } from "../../http/problem";
import { reserveMs } from "../../retry";
import { largestPage } from "../operations/parts";
import { applyRules } from "../operations/rules";
import { isPlaceIn } from "../query";
import { rangeOf, readTransactionPage, type Wanted } from "../transactions/list";
import { categorize } from "./categorize";
import { inOrder, matcherOf } from "./match";
import { readRules } from "./read";

/** As many transactions as one request looks at: what is left is for the next, with the cursor. */
const mostExamined = 2_000;

const everything: Wanted = { order: "oldest" };

export const servedApplyRules = serve(applyRules, async ({ owner, body, act }, run) => {
  const { ruleIds, transactions: which, cursor } = body;
  const list = [owner, "apply", ruleIds, which];
  const rules = await readRules(owner, run);
  const wanted = ruleIds && new Set(ruleIds);
  const chosen = rules.filter(({ ruleId }) => wanted === undefined || wanted.has(ruleId));
  if (wanted && chosen.length < wanted.size) throw wrongField("#/ruleIds", "must all be rules of yours");
  const matchers = inOrder(chosen).map(matcherOf);
  let place = cursor === undefined ? undefined : readCursor(list, cursor, isPlaceIn(rangeOf(owner, everything)));
  let [examined, categorized] = [0, 0];
  do {
    const page = await readTransactionPage(owner, everything, largestPage, place, run);
    const open = page.transactions.filter((one) => which === "all" || one.categoryId === undefined);
    categorized += await categorize(open, matchers, "bulk", act, run);
    examined += page.transactions.length;
    place = page.next;
  } while (place && examined < mostExamined && run.remainingMs() > 4 * reserveMs);
  return { status: 200, body: { examined, categorized, ...(place && { next: writeCursor(list, place) }) } };
});
