import { categoryRuleCreated } from "../../events/categoryRuleCreated";
import { serve } from "../../http/api";
import { notFound } from "../../http/problem";
import { changesOf, merged } from "../changes";
import { commit, record, tell } from "../commit";
import { orderedId, ruleKey } from "../keys";
import { createRule, deleteRule, ruleView, updateRule } from "../operations/rules";
import { count, ownRows } from "../query";
import { readRule } from "../read";
import { rulesTable } from "../row";
import type { Rule } from "../rule";
import { gone, requireVersion, shown, tooMany } from "../views";
import { patternOf } from "./match";
import { mostRules } from "./read";
import { requireSound } from "./sound";

export const servedCreateRule = serve(createRule, async ({ owner, body, act, keep }, run) => {
  requireSound(body);
  if ((await count(ownRows(rulesTable, owner), run)) >= mostRules) throw tooMany("rules", mostRules);
  const id = orderedId(act.at, run.newId());
  const at = new Date(act.at).toISOString();
  const after: Rule = {
    ...ruleKey(owner, id),
    ruleId: id,
    ...body,
    version: 1,
    createdAt: at,
    updatedAt: at,
    change_id: act.changeId,
  };
  const answer = shown(201, ruleView, after);
  const told = { ...answer, headers: { ...answer.headers, location: `/rules/${id}` } };
  const { categoryId, autoApply } = after;
  const event = tell(
    categoryRuleCreated,
    { categoryId, ruleId: id, rulePattern: patternOf(after), autoApply },
    act,
    id,
  );
  await commit([{ rows: [{ table: rulesTable, after }], tells: [event] }], run, keep(told));
  return told;
});

const editable = [
  "categoryId",
  "contains",
  "regex",
  "amountFrom",
  "amountTo",
  "dateFrom",
  "dateTo",
  "priority",
  "confidence",
  "autoApply",
] as const;

export const servedUpdateRule = serve(updateRule, async ({ owner, params, body, version, act, keep }, run) => {
  const before = await readRule(owner, params.ruleId, run);
  if (!before) throw notFound();
  const { version: read, ...edit } = body;
  requireVersion(before, version, read);
  const edited = merged(before, edit);
  requireSound(edited);
  const fields = changesOf(before, edited, editable);
  if (fields.length === 0) return shown(200, ruleView, before);
  const at = new Date(act.at).toISOString();
  const after: Rule = { ...edited, version: before.version + 1, updatedAt: at, change_id: act.changeId };
  const told = shown(200, ruleView, after);
  const entity = `RULE#${after.ruleId}`;
  const entry = record("category.rule_updated", entity, fields, act, `${after.ruleId}#${after.version}`);
  await commit([{ rows: [{ table: rulesTable, before, after }], tells: [entry] }], run, keep(told));
  return told;
});

export const servedDeleteRule = serve(deleteRule, async ({ owner, params, version, act, keep }, run) => {
  const before = await readRule(owner, params.ruleId, run);
  if (!before) throw notFound();
  requireVersion(before, version);
  const entry = record("category.rule_deleted", `RULE#${before.ruleId}`, [], act, before.ruleId);
  await commit([{ rows: [{ table: rulesTable, before }], tells: [entry] }], run, keep(gone));
  return gone;
});
