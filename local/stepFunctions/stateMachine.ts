import type { Principal } from "../iam/principal";
import type { Machine } from "./language/states";

export type LogLevel = "ALL" | "ERROR" | "FATAL" | "OFF";

/** A state machine that was declared. */
export interface StateMachine {
  name: string;
  arn: string;
  type: "STANDARD" | "EXPRESS";
  /** As it was declared. */
  definition: string;
  machine: Machine;
  roleArn: string;
  /** The role at work, and the key by which the gateway knows it. */
  role: Principal;
  accessKeyId: string;
  createdAt: number;
  logging: {
    level: LogLevel;
    includeExecutionData: boolean;
    /** Undefined where nothing is logged. */
    group: string | undefined;
  };
  tracing: boolean;
  tags: Readonly<Record<string, string>>;
}
