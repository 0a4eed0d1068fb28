import { permanentError, transientError } from "../functions/processing/workflow/errors";

/** The part of the Amazon States Language that our workflows are written in: plain JSONPath. */

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher {
  ErrorEquals: string[];
  ResultPath: string;
  Next: string;
}

type Onward = { Next: string } | { End: true };

interface Described {
  Comment?: string;
}

export type TaskState = Described & {
  Type: "Task";
  Resource: string;
  Parameters: Record<string, unknown>;
  TimeoutSeconds: number;
  ResultSelector?: Record<string, unknown>;
  ResultPath?: string | null;
  Retry: Retrier[];
  Catch?: Catcher[];
} & Onward;

export type PassState = Described & { Type: "Pass"; Parameters: Record<string, unknown> } & Onward;

export interface ChoiceState extends Described {
  Type: "Choice";
  Choices: ({ Variable: string; Next: string } & ({ BooleanEquals: boolean } | { IsPresent: boolean }))[];
  Default: string;
}

export type FailState = Described & { Type: "Fail"; Error: string; CausePath: string };

export type MapState = Described & {
  Type: "Map";
  ItemsPath: string;
  MaxConcurrency: number;
  ItemSelector: Record<string, unknown>;
  ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }; StartAt: string; States: Record<string, State> };
  ResultPath: string;
} & Onward;

export type State = TaskState | PassState | ChoiceState | FailState | MapState;

export interface StateMachineDefinition extends Described {
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, State>;
}

/** Lambda had a bad moment, or the step says that another try is worth it. What is permanent is tried no more. */
const retries: Retrier[] = [
  { ErrorEquals: [permanentError], IntervalSeconds: 1, MaxAttempts: 0, BackoffRate: 1 },
  {
    ErrorEquals: [
      transientError,
      "Lambda.ClientExecutionTimeoutException",
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
      "Lambda.TooManyRequestsException",
      "Lambda.Unknown",
      // The function's process died, or ran out of time or memory: by these names newer runtimes tell what was unknown before.
      "Sandbox.Timedout",
      "Runtime.ExitError",
      "States.Timeout",
    ],
    IntervalSeconds: 2,
    MaxAttempts: 4,
    BackoffRate: 2,
    MaxDelaySeconds: 30,
    JitterStrategy: "FULL",
  },
];

type TaskOptions = Omit<TaskState, "Type" | "Resource" | "Parameters" | "Retry" | "Next" | "End"> & Onward;

/** A step that a function does. */
export const call = (functionArn: string, payload: Record<string, unknown>, options: TaskOptions): TaskState =>
  ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: functionArn, Payload: payload },
    Retry: retries,
    ...options,
  }) as TaskState;
