import type { Run } from "../../consume/run";
import { serve } from "../../http/api";
import { notFound } from "../../http/problem";
import { getRule, listRules, ruleView } from "../operations/rules";
import { ownRows, query } from "../query";
import { parseRow, readRule } from "../read";
import { rulesTable } from "../row";
import { type Rule, ruleSchema } from "../rule";
import { pageOfRows, shown } from "../views";

/** As many rules as one person may have: all of them are tried on each transaction. */
export const mostRules = 200;

/** All rules of a person. */
export const readRules = async (owner: string, run: Run): Promise<Rule[]> => {
  const { rows } = await query(ownRows(rulesTable, owner), owner, mostRules, undefined, run);
  return rows.map((row) => parseRow(ruleSchema, row));
};

export const servedListRules = serve(listRules, ({ owner, query: { limit, cursor } }, run) =>
  pageOfRows(ownRows(rulesTable, owner), ruleView, { owner, limit, cursor }, () => true, run),
);

export const servedGetRule = serve(getRule, async ({ owner, params }, run) => {
  const rule = await readRule(owner, params.ruleId, run);
  if (!rule) throw notFound();
  return shown(200, ruleView, rule);
});
