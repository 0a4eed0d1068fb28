import * as v from "valibot";
import { type Access, account } from "../../cloud/cloud";
import type { Operation } from "../../cloud/service";
import type { Rule } from "../bus";
import { busNameIn, defaultBus, ruleArn } from "../names";
import { operation, page, paging, text } from "../parameters";
import type { Parts } from "../parts";
import { ruleRequest } from "../rules";

const describe = ({ name, arn, bus, description, enabled, pattern, schedule }: Rule) => ({
  Name: name,
  Arn: arn,
  EventBusName: bus,
  State: enabled ? "ENABLED" : "DISABLED",
  ...(description !== undefined && { Description: description }),
  ...(pattern && { EventPattern: pattern.text }),
  ...(schedule && { ScheduleExpression: schedule.expression }),
});

/** What an action on a rule needs. The policy of its bus may admit other accounts, by who made the rule. */
export const ruleAccess = (
  { buses }: Parts,
  action: string,
  name: string,
  busNameOrArn: string = defaultBus,
): Access => {
  const bus = buses.find(busNameOrArn);
  const rule = bus?.rules.get(name);
  return {
    action: `events:${action}`,
    resource: ruleArn(busNameIn(busNameOrArn), name),
    context: rule ? { "events:creatorAccount": rule.creatorAccount } : {},
    policy: bus?.policy?.compiled,
  };
};

const named = v.strictObject({ Name: v.string(), EventBusName: text });

export const ruleOperations = (parts: Parts): Record<string, Operation> => {
  const { buses, rules } = parts;

  const onRule = (action: string, act: (rule: Rule) => unknown): Record<string, Operation> =>
    operation(action, named, {
      access: ({ Name, EventBusName }) => ruleAccess(parts, action, Name, EventBusName),
      run: ({ Name, EventBusName }) => act(buses.rule(Name, EventBusName)),
    });

  return {
    ...operation("PutRule", ruleRequest, {
      access: ({ Name, EventBusName }) => ruleAccess(parts, "PutRule", Name, EventBusName),
      run: (request, { caller }) => ({ RuleArn: rules.put(request, caller.account ?? account).arn }),
    }),
    ...operation("DeleteRule", v.strictObject({ ...named.entries, Force: v.exactOptional(v.boolean()) }), {
      access: ({ Name, EventBusName }) => ruleAccess(parts, "DeleteRule", Name, EventBusName),
      run: ({ Name, EventBusName }) => rules.delete(Name, EventBusName),
    }),
    ...onRule("DescribeRule", (rule) => ({ ...describe(rule), CreatedBy: rule.creatorAccount })),
    ...onRule("EnableRule", (rule) => rules.enable(rule, true)),
    ...onRule("DisableRule", (rule) => rules.enable(rule, false)),
    ...operation("ListRules", v.strictObject({ EventBusName: text, NamePrefix: text, ...paging }), {
      access: ({ EventBusName }) => ruleAccess(parts, "ListRules", "*", EventBusName),
      run: ({ EventBusName, NamePrefix = "", ...asked }) => {
        const all = [...buses.get(EventBusName).rules.values()].filter(({ name }) => name.startsWith(NamePrefix));
        const { items, ...more } = page(all, asked);
        return { Rules: items.map(describe), ...more };
      },
    }),
    ...operation("ListRuleNamesByTarget", v.strictObject({ TargetArn: v.string(), EventBusName: text, ...paging }), {
      access: ({ EventBusName }) => ruleAccess(parts, "ListRuleNamesByTarget", "*", EventBusName),
      run: ({ TargetArn, EventBusName, ...asked }) => {
        const all = [...buses.get(EventBusName).rules.values()].filter(({ targets }) =>
          [...targets.values()].some(({ request }) => request.Arn === TargetArn),
        );
        const { items, ...more } = page(all, asked);
        return { RuleNames: items.map(({ name }) => name), ...more };
      },
    }),
  };
};
