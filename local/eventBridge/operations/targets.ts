import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import { operation, page, paging, text } from "../parameters";
import type { Parts } from "../parts";
import { targetRequest } from "../target";
import { ruleAccess } from "./rules";

const ofRule = { Rule: v.string(), EventBusName: text };
const listOf = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.minLength(1), v.maxLength(100));

/** What was asked is done for all targets, or refused for all. */
const noneFailed = { FailedEntryCount: 0, FailedEntries: [] };

export const targetOperations = (parts: Parts): Record<string, Operation> => {
  const { buses, rules } = parts;
  const access =
    (action: string) =>
    ({ Rule, EventBusName }: { Rule: string; EventBusName?: string }) =>
      ruleAccess(parts, action, Rule, EventBusName);
  return {
    ...operation("PutTargets", v.strictObject({ ...ofRule, Targets: listOf(targetRequest) }), {
      access: access("PutTargets"),
      run: ({ Rule, EventBusName, Targets }) => {
        rules.putTargets(buses.rule(Rule, EventBusName), Targets);
        return noneFailed;
      },
    }),
    ...operation(
      "RemoveTargets",
      v.strictObject({ ...ofRule, Ids: listOf(v.string()), Force: v.exactOptional(v.boolean()) }),
      {
        access: access("RemoveTargets"),
        run: ({ Rule, EventBusName, Ids }) => {
          const { targets } = buses.rule(Rule, EventBusName);
          for (const id of Ids) targets.delete(id);
          return noneFailed;
        },
      },
    ),
    ...operation("ListTargetsByRule", v.strictObject({ ...ofRule, ...paging }), {
      access: access("ListTargetsByRule"),
      run: ({ Rule, EventBusName, ...asked }) => {
        const { items, ...more } = page([...buses.rule(Rule, EventBusName).targets.values()], asked);
        return { Targets: items.map(({ request }) => request), ...more };
      },
    }),
  };
};
