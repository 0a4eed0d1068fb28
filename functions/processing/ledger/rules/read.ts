import type { Run } from "../../consume/run";
import { serve } from "../../http/api";
import type { Place } from "../../http/cursor";
import { notFound } from "../../http/problem";
import { getRule, listRules, ruleView } from "../operations/rules";
import { ownRows, query } from "../query";
import { parseRow, readRule } from "../read";
import { rulesTable } from "../row";
import { type Rule, ruleSchema } from "../rule";
import { pageOfRows, shown } from "../views";

/** As many rules as one person may have: all of them are tried on each transaction. */
export const mostRules = 200;

/** All rules of a person: also more than they may have, which requests at the same moment can make. */
export const readRules = async (owner: string, run: Run): Promise<Rule[]> => {
  const rules: Rule[] = [];
  let place: Place | undefined;
  do {
    const { rows, next } = await query(ownRows(rulesTable, owner), owner, mostRules, place, run);
    rules.push(...rows.map((row) => parseRow(ruleSchema, row)));
    place = next;
  } while (place);
  return rules;
};

export const servedListRules = serve(listRules, ({ owner, query: { limit, cursor } }, run) =>
  pageOfRows(ownRows(rulesTable, owner), ruleView, { owner, limit, cursor }, () => true, run),
);

export const servedGetRule = serve(getRule, async ({ owner, params }, run) => {
  const rule = await readRule(owner, params.ruleId, run);
  if (!rule) throw notFound();
  return shown(200, ruleView, rule);
});
