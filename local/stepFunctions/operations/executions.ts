import * as v from "valibot";
import { oneOf } from "../../cloud/constraint";
import type { Operation } from "../../cloud/service";
import { executionDoesNotExist, typeNotSupported } from "../errors";
import type { Execution } from "../execution";
import type { Executions } from "../executions";
import { checkArn } from "../names";
import { describeEvent } from "../run/history";
import type { StateMachines } from "../stateMachines";
import { operation, page, paging, seconds, text } from "./operation";

const statuses = ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"];

const statusOf = ({ end }: Execution) => end?.status ?? "RUNNING";

const redrive = (execution: Execution): Record<string, unknown> => {
  const status = statusOf(execution);
  const redriveStatusReason = `Execution is ${status} and cannot be redriven`;
  return status === "RUNNING" || status === "SUCCEEDED"
    ? { redriveCount: 0, redriveStatus: "NOT_REDRIVABLE", redriveStatusReason }
    : { redriveCount: 0, redriveStatus: "REDRIVABLE" };
};

const summary = (execution: Execution): Record<string, unknown> => {
  const { arn, machineArn, name, startedAt, end } = execution;
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status: statusOf(execution),
    startDate: seconds(startedAt),
    ...(end && { stopDate: seconds(end.stoppedAt) }),
  };
};

const describe = (execution: Execution): Record<string, unknown> => {
  const { input, end } = execution;
  return {
    ...summary(execution),
    input,
    inputDetails: { included: true },
    ...(end?.output !== undefined && { output: end.output, outputDetails: { included: true } }),
    error: end?.error,
    cause: end?.cause,
    ...redrive(execution),
  };
};

const onExecution =
  (action: string) =>
  ({ executionArn }: { executionArn: string }) => ({ action: `states:${action}`, resource: executionArn });

const listExecutions = (machines: StateMachines, executions: Executions) =>
  operation(
    "ListExecutions",
    v.strictObject({
      stateMachineArn: v.string(),
      statusFilter: v.exactOptional(
        v.pipe(
          v.string(),
          v.check((status) => statuses.includes(status), oneOf(statuses)),
        ),
      ),
      ...paging,
    }),
    {
      access: ({ stateMachineArn }) => ({ action: "states:ListExecutions", resource: stateMachineArn }),
      run: ({ stateMachineArn, statusFilter, ...paged }) => {
        const machine = machines.find(checkArn(stateMachineArn, "stateMachine"));
        if (machine.type !== "STANDARD") throw typeNotSupported();
        const found = executions
          .of(machine)
          .filter((execution) => statusFilter === undefined || statusOf(execution) === statusFilter);
        const { items, nextToken } = page(found, paged);
        return { executions: items.map((one) => ({ ...summary(one), redriveCount: 0 })), nextToken };
      },
    },
  );

const getExecutionHistory = (executions: Executions) =>
  operation(
    "GetExecutionHistory",
    v.strictObject({
      executionArn: v.string(),
      reverseOrder: v.exactOptional(v.boolean()),
      includeExecutionData: v.exactOptional(v.boolean()),
      ...paging,
    }),
    {
      access: onExecution("GetExecutionHistory"),
      run: ({ executionArn, reverseOrder = false, includeExecutionData = true, ...paged }) => {
        const events = executions.find(checkArn(executionArn, "execution")).events();
        // Of one that ended long ago there may be nothing left but how it ended.
        if (events.length === 0) throw executionDoesNotExist(executionArn);
        const { items, nextToken } = page(reverseOrder ? events.toReversed() : events, paged);
        return { events: items.map((event) => describeEvent(event, includeExecutionData)), nextToken };
      },
    },
  );

export const executionOperations = (machines: StateMachines, executions: Executions): Record<string, Operation> => ({
  ...operation("DescribeExecution", v.strictObject({ executionArn: v.string() }), {
    access: onExecution("DescribeExecution"),
    run: ({ executionArn }) => describe(executions.find(checkArn(executionArn, "execution"))),
  }),
  ...operation("StopExecution", v.strictObject({ executionArn: v.string(), error: text, cause: text }), {
    access: onExecution("StopExecution"),
    run: ({ executionArn, ...reason }) => {
      const { end, startedAt } = executions.stop(checkArn(executionArn, "execution"), reason);
      return { stopDate: seconds(end?.stoppedAt ?? startedAt) };
    },
  }),
  ...listExecutions(machines, executions),
  ...getExecutionHistory(executions),
});
