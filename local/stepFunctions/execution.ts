import type { HistoryEvent } from "./run/history";
import type { StateMachine } from "./stateMachine";

export type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** How an execution ended. */
export interface End {
  status: Exclude<Status, "RUNNING">;
  stoppedAt: number;
  /** JSON. */
  output?: string;
  error?: string;
  cause?: string;
}

/** An execution as it stands. */
export interface Execution {
  arn: string;
  name: string;
  /** ARN of its state machine. */
  machineArn: string;
  /** JSON, as it was given. */
  input: string;
  startedAt: number;
  end: End | undefined;
  /** Empty for an express execution, and for one that ended so long ago that there is no room for it. */
  events: () => readonly HistoryEvent[];
}

/** What becomes of executions, for those whom it concerns. */
export interface Watcher {
  started?: (execution: Execution, machine: StateMachine) => void;
  happened?: (execution: Execution, machine: StateMachine, event: HistoryEvent) => void;
  ended?: (execution: Execution, machine: StateMachine, end: End) => void;
}
