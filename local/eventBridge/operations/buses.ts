import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import type { Bus } from "../bus";
import { defaultBus, toBusArn } from "../names";
import { operation, page, paging, text } from "../parameters";
import type { Parts } from "../parts";
import { testPattern } from "../pattern";

const describe = ({ name: Name, arn: Arn, description, policy }: Bus) => ({
  Name,
  Arn,
  ...(description !== undefined && { Description: description }),
  ...(policy && { Policy: policy.document }),
});

export const busOperations = ({ buses }: Parts): Record<string, Operation> => ({
  ...operation("DescribeEventBus", v.strictObject({ Name: text }), {
    access: ({ Name = defaultBus }) => ({
      action: "events:DescribeEventBus",
      resource: toBusArn(Name),
      policy: buses.find(Name)?.policy?.compiled,
    }),
    run: ({ Name }) => describe(buses.get(Name)),
  }),
  ...operation("ListEventBuses", v.strictObject({ NamePrefix: text, ...paging }), {
    access: () => ({ action: "events:ListEventBuses", resource: "*" }),
    run: ({ NamePrefix = "", ...asked }) => {
      const { items, ...more } = page(
        buses.all().filter(({ name }) => name.startsWith(NamePrefix)),
        asked,
      );
      return { EventBuses: items.map(describe), ...more };
    },
  }),
  ...operation("TestEventPattern", v.strictObject({ EventPattern: v.string(), Event: v.string() }), {
    access: () => ({ action: "events:TestEventPattern", resource: "*" }),
    run: ({ EventPattern, Event }) => ({ Result: testPattern(EventPattern, Event) }),
  }),
});
