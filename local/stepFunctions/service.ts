import type { Cloud } from "../cloud/cloud";
import { Journal } from "../cloud/journal";
import type { Service } from "../cloud/service";
import { awsJson } from "../gateway/awsJson";
import { jsonNames, renaming } from "../gateway/renaming";
import { expressBills } from "./billing";
import { declaredResources } from "./declared";
import { Executions } from "./executions";
import { KeptExecutions } from "./keptExecutions";
import { executionLogs, type OnLog } from "./logging";
import { executionMetrics, type OnMetric } from "./metrics";
import { executionOperations } from "./operations/executions";
import { startOperations } from "./operations/start";
import { stateMachineOperations } from "./operations/stateMachines";
import { seededRandom } from "./random";
import { StateMachines } from "./stateMachines";
import { type StatusEvent, statusEvents } from "./statusEvents";
import { gatewayCalls } from "./tasks/gatewayCall";

export interface StepFunctionsDependencies {
  /** Takes a line for a log group, which must exist. */
  onLog?: OnLog;
  onMetric?: OnMetric;
  /** Takes an event for the default bus. */
  emit?: (event: StatusEvent) => void;
  /** Throws unless Step Functions may work under this role. */
  assertAssumable?: (roleArn: string) => void;
  /** Where executions are kept. @default nowhere */
  journal?: string;
  /** How many events of executions that are over are kept. @default 200,000 */
  mostEvents?: number;
  /** At least 0, and less than 1: for jitter and States.MathRandom. */
  random?: () => number;
}

export interface StepFunctions extends Service {
  /** Goes on with what an earlier process began; to be called once all state machines are declared. */
  resume: () => void;
}

/** Step Functions: state machines in the Amazon States Language with JSONPath, run by the cloud's clock. */
export const createStepFunctions = (
  cloud: Cloud,
  {
    onLog,
    onMetric,
    emit,
    assertAssumable = () => undefined,
    journal,
    mostEvents = 200_000,
    random = Math.random,
  }: StepFunctionsDependencies = {},
): StepFunctions => {
  const machines = new StateMachines(cloud, assertAssumable);
  const calls = gatewayCalls(cloud);
  const kept = new KeptExecutions(journal === undefined ? undefined : new Journal(journal));
  const executions = new Executions(cloud, {
    tools: { random: (seed) => (seed === undefined ? random() : seededRandom(seed)), newId: cloud.newId },
    send: calls.send,
    kept,
    mostEvents,
    machineOf: (arn) => machines.get(arn),
    watchers: [
      expressBills(cloud),
      ...(onLog ? [executionLogs(onLog)] : []),
      ...(onMetric ? [executionMetrics(onMetric)] : []),
      ...(emit ? [statusEvents(emit)] : []),
    ],
  });
  return {
    signingName: "states",
    protocol: renaming(awsJson({ version: "1.0", target: "AWSStepFunctions" }), jsonNames),
    operations: {
      ...startOperations(cloud, machines, executions),
      ...executionOperations(machines, executions),
      ...stateMachineOperations(machines, executions),
    },
    resources: declaredResources(machines),
    resume: () => executions.resume(),
    reset: () => executions.reset(),
    close: () => {
      executions.stopRunning();
      calls.close();
      kept.close();
    },
  };
};
