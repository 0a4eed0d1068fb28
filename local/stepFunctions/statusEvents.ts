import type { Execution, Status, Watcher } from "./execution";

/** An event on the default bus. */
export interface StatusEvent {
  source: string;
  detailType: string;
  resources: readonly string[];
  detail: { [name: string]: string | number | null | { included: boolean } };
}

const statusEvent = ({ arn, name, machineArn, input, startedAt, end }: Execution, status: Status): StatusEvent => ({
  source: "aws.states",
  detailType: "Step Functions Execution Status Change",
  resources: [arn],
  detail: {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: startedAt,
    stopDate: end?.stoppedAt ?? null,
    input,
    inputDetails: { included: true },
    output: end?.output ?? null,
    outputDetails: end?.output === undefined ? null : { included: true },
    error: end?.error ?? null,
    cause: end?.cause ?? null,
  },
});

/** Tells EventBridge when an execution starts and ends; of express executions AWS tells nothing. */
export const statusEvents = (emit: (event: StatusEvent) => void): Watcher => ({
  started: (execution, { type }) => {
    if (type === "STANDARD") emit(statusEvent(execution, "RUNNING"));
  },
  ended: (execution, { type }, { status }) => {
    if (type === "STANDARD") emit(statusEvent(execution, status));
  },
});
