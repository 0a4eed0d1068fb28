import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Clock } from "../../../local/cloud/clock";
import { Cloud } from "../../../local/cloud/cloud";
import type { Service } from "../../../local/cloud/service";
import { type CloudWatch, createCloudWatch } from "../../../local/cloudWatch/service";
import { createDynamoDB } from "../../../local/dynamodb/service";
import { createEventBridge } from "../../../local/eventBridge/service";
import { compilePolicy } from "../../../local/iam/policy";
import { createIdentity } from "../../../local/identity/service";
import { createLambda, type Lambda } from "../../../local/lambda/service";
import { createSns } from "../../../local/sns/service";
import { createSqs, type Sqs } from "../../../local/sqs/service";
import { createStepFunctions, type StepFunctions } from "../../../local/stepFunctions/service";
import { startTestCloud, type TestCloud } from "../cloud";
import { archiveOf, arnOf as functionArn, functionType } from "../lambda/serviceWorld";

export const machineType = "aws:sfn/stateMachine:StateMachine";
export const roleArn = "arn:aws:iam::123456789012:role/machine";
export const machineArn = (name: string): string => `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;
export const executionArn = (machine: string, name: string): string =>
  `arn:aws:states:us-east-1:123456789012:execution:${machine}:${name}`;
export const logGroup = "/aws/vendedlogs/states/machine";
export { functionArn };

export type Definition = Record<string, unknown>;

export interface Finished
  extends Pick<DescribeExecutionOutput, "status" | "error" | "cause" | "name" | "executionArn"> {
  /** Parsed. */
  output: unknown;
  events: HistoryEvent[];
}

export interface StatesWorld extends TestCloud {
  states: StepFunctions;
  sfn: SFNClient;
  sqsClient: SQSClient;
  sqs: Sqs;
  cloudWatch: CloudWatch;
  lambda: Lambda;
  /** Declares a state machine, and answers its ARN. */
  machine: (name: string, definition: Definition | string, more?: Record<string, unknown>) => Promise<string>;
  /** Declares a function whose handler is this source. */
  makeFunction: (name: string, handler: string, more?: Record<string, unknown>) => Promise<string>;
  /** Lets the machines' role do this. */
  grant: (Action: string | string[], Resource?: string | string[]) => void;
  start: (stateMachineArn: string, input?: unknown, name?: string) => Promise<string>;
  history: (arn: string) => Promise<HistoryEvent[]>;
  /** Waits until nothing happens any more, the clock turned as needed, and tells how an execution stands. */
  finish: (arn: string) => Promise<Finished>;
  /** Declares a machine, runs it once to its end. */
  run: (definition: Definition, input?: unknown) => Promise<Finished>;
  settle: () => Promise<void>;
  services: Service[];
}

interface Options {
  journal?: string;
  mostEvents?: number;
  dynamodb?: boolean;
  random?: () => number;
}

/** Time stands still, but for being turned. */
const startsAt = Date.UTC(2026, 2, 2, 9);

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

const logging = ["CreateLogDelivery", "ListLogDeliveries", "DescribeLogGroups", "DescribeResourcePolicies"];

const eventsOf = async (sfn: SFNClient, executionArn: string): Promise<HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000, nextToken }));
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
};

/** Step Functions among the real services that its tasks call. */
export const startStatesWorld = async ({ dynamodb, ...options }: Options = {}): Promise<StatesWorld> => {
  const workDir = await mkdtemp(join(tmpdir(), "states-service-"));
  const made: Partial<Pick<StatesWorld, "states" | "sqs" | "lambda" | "cloudWatch">> = {};
  const services: Service[] = [];
  const world = await startTestCloud(
    (cloud) => {
      const cloudWatch = createCloudWatch(cloud);
      const identity = createIdentity(cloud);
      const sqs = createSqs(cloud);
      const eventBridge = createEventBridge(cloud);
      const lambda = createLambda(cloud, { workDir, source: sqs.queues, onLog: () => undefined });
      const states = createStepFunctions(cloud, {
        onLog: cloudWatch.appendLog,
        onMetric: cloudWatch.putMetric,
        emit: eventBridge.emit,
        assertAssumable: (arn) => identity.assertAssumableBy(arn, "states.amazonaws.com"),
        ...options,
      });
      const sns = createSns(cloud, { canUseKey: () => undefined });
      Object.assign(made, { states, sqs, lambda, cloudWatch });
      services.push(states, lambda, identity, sqs, sns, eventBridge, cloudWatch.logs, cloudWatch.monitoring);
      if (dynamodb) services.push(createDynamoDB(cloud, {}));
      return services;
    },
    new Cloud({ clock: new Clock(() => startsAt) }),
  );
  const { states, sqs, lambda, cloudWatch } = made;
  if (!states || !sqs || !lambda || !cloudWatch) throw new Error("the cloud was not made");
  const sfn = new SFNClient({ ...world.client, disableHostPrefix: true });
  await world.declare("aws:iam/role:Role", "machine", { name: "machine", assumeRolePolicy: JSON.stringify(trust) });
  let grants = 0;
  let machines = 0;
  const grant: StatesWorld["grant"] = (Action, Resource = "*") => {
    const name = `grant-${++grants}`;
    const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] };
    world.cloud.putRolePolicy(roleArn, name, compilePolicy(document, { name, kind: "identity" }));
  };
  grant([...logging.map((action) => `logs:${action}`), "logs:PutResourcePolicy"]);
  const settle = () => world.cloud.activity.settle(world.cloud.clock);
  const here: StatesWorld = {
    ...world,
    states,
    sfn,
    sqs,
    sqsClient: new SQSClient(world.client),
    lambda,
    cloudWatch,
    services,
    grant,
    settle,
    machine: async (name, definition, more = {}) => {
      const text = typeof definition === "string" ? definition : JSON.stringify(definition);
      const { outputs } = await world.declare(machineType, name, { name, definition: text, roleArn, ...more });
      return String(outputs["arn"]);
    },
    makeFunction: async (name, handler, more = {}) => {
      const { outputs } = await world.declare(functionType, name, {
        name,
        role: "arn:aws:iam::123456789012:role/worker",
        runtime: "nodejs24.x",
        handler: "__index.handler",
        memorySize: 512,
        timeout: 10,
        loggingConfig: { logFormat: "JSON", logGroup: `/test/${name}` },
        code: archiveOf(`exports.handler = ${handler};`),
        ...more,
      });
      return String(outputs["arn"]);
    },
    start: async (stateMachineArn, input = {}, name) => {
      const started = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name });
      return String((await sfn.send(started)).executionArn);
    },
    history: (arn) => eventsOf(sfn, arn),
    finish: async (arn) => {
      await settle();
      const described = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      const output = described.output === undefined ? undefined : JSON.parse(described.output);
      return { ...described, output, events: await eventsOf(sfn, arn) };
    },
    run: async (definition, input) => {
      const arn = await here.machine(`machine-${++machines}`, definition);
      return here.finish(await here.start(arn, input));
    },
    close: async () => {
      await world.close();
      await rm(workDir, { recursive: true, force: true });
    },
  };
  return here;
};

/** A machine of one state that ends it. */
export const only = (state: Record<string, unknown>): Definition => ({
  StartAt: "Only",
  States: { Only: { ...state, End: true } },
});

export const typesOf = (events: readonly HistoryEvent[]): (string | undefined)[] => events.map(({ type }) => type);

export { failure } from "../failure";
