import * as v from "valibot";
import type { Operation } from "../../cloud/service";
import type { Executions } from "../executions";
import { checkArn } from "../names";
import type { StateMachine } from "../stateMachine";
import { logDestination, type StateMachines } from "../stateMachines";
import { operation, page, paging, seconds } from "./operation";

const configuration = ({ logging: { level, includeExecutionData, group }, tracing }: StateMachine) => ({
  loggingConfiguration: {
    level,
    includeExecutionData,
    ...(group !== undefined && { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logDestination(group) } }] }),
  },
  tracingConfiguration: { enabled: tracing },
});

const named = ({ arn, name, definition, roleArn }: StateMachine) => ({
  stateMachineArn: arn,
  name,
  definition,
  roleArn,
});

const ofMachine = { stateMachineArn: v.string() };

/** Looking at state machines. Making them is the program's. */
export const stateMachineOperations = (machines: StateMachines, executions: Executions): Record<string, Operation> => ({
  ...operation("DescribeStateMachine", v.strictObject(ofMachine), {
    access: ({ stateMachineArn }) => ({ action: "states:DescribeStateMachine", resource: stateMachineArn }),
    run: ({ stateMachineArn }) => {
      const machine = machines.find(checkArn(stateMachineArn, "stateMachine"));
      const { type, createdAt } = machine;
      return { ...named(machine), status: "ACTIVE", type, creationDate: seconds(createdAt), ...configuration(machine) };
    },
  }),
  ...operation("DescribeStateMachineForExecution", v.strictObject({ executionArn: v.string() }), {
    access: ({ executionArn }) => ({ action: "states:DescribeStateMachineForExecution", resource: executionArn }),
    run: ({ executionArn }) => {
      const machine = machines.find(executions.find(checkArn(executionArn, "execution")).machineArn);
      return { ...named(machine), updateDate: seconds(machine.createdAt), ...configuration(machine) };
    },
  }),
  ...operation("ListStateMachines", v.strictObject(paging), {
    access: () => ({ action: "states:ListStateMachines", resource: "*" }),
    run: (paged) => {
      const { items, nextToken } = page(machines.all(), paged);
      const stateMachines = items.map(({ arn, name, type, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type,
        creationDate: seconds(createdAt),
      }));
      return { stateMachines, nextToken };
    },
  }),
  ...operation("ListTagsForResource", v.strictObject({ resourceArn: v.string() }), {
    access: ({ resourceArn }) => ({ action: "states:ListTagsForResource", resource: resourceArn }),
    run: ({ resourceArn }) => ({
      tags: Object.entries(machines.find(checkArn(resourceArn, "stateMachine")).tags).map(([key, value]) => ({
        key,
        value,
      })),
    }),
  }),
});
