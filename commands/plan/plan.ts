import { createHash } from "node:crypto";
import { vpcChildren } from "../../infra/network";
import type * as settingsModule from "../../infra/settings";
import { switchedOff } from "../../infra/settings";
import { type Files, zip } from "../../local/engine/archive";
import type { ProgramRun, Resource } from "../../local/engine/program";
import { type CostLine, fixedCost } from "./cost";
import { type Statement, statementsOf } from "./roles";
import { triggerOf } from "./triggers";

export interface PlannedFunction {
  name: string;
  description: string;
  trigger: string;
  /** Megabytes. */
  memory: number;
  /** Seconds. */
  timeout: number;
  /** Of the account's concurrent executions, for itself alone; 0 is none. */
  reservedConcurrency: number;
  zipBytes: number;
  /** Changes when, and only when, the function's code does. */
  zipSha256: string;
  files: number;
  statements: Statement[];
}

export interface Plan {
  stack: string;
  /** What the program declares, and what its remote components make of that. */
  resources: { type: string; name: string; madeBy?: string }[];
  functions: PlannedFunction[];
  outputs: Record<string, unknown>;
  /** What is switched off for want of a setting. */
  off: string[];
  /** What it costs a month before anything happens in it, at list price in us-east-1. */
  cost: CostLine[];
  totals: { resources: number; functions: number; zipBytes: number; reservedConcurrency: number };
}

const functionType = "aws:lambda/function:Function";

const planFunction = async (resource: Resource, resources: readonly Resource[]): Promise<PlannedFunction> => {
  const { inputs, outputs, name } = resource;
  const files = inputs["code"] as Files;
  const zipped = zip(files);
  return {
    name,
    description: String(inputs["description"]),
    trigger: triggerOf(outputs["arn"], resources),
    memory: Number(inputs["memorySize"]),
    timeout: Number(inputs["timeout"]),
    reservedConcurrency: Number(inputs["reservedConcurrentExecutions"] ?? 0),
    zipBytes: zipped.length,
    zipSha256: createHash("sha256").update(zipped).digest("hex"),
    files: Object.keys(files).length,
    statements: statementsOf(String(inputs["role"]).split("/").at(-1) ?? "", resources),
  };
};

const remoteChildren = ({ type, name, inputs }: Resource): Plan["resources"] => {
  if (type !== "awsx:ec2:Vpc") return [];
  const { strategy } = inputs["natGateways"] as { strategy: string };
  return vpcChildren(strategy).flatMap((child) =>
    Array.from({ length: child.count }, (_, at) => ({ type: child.type, name: `${name}-${at + 1}`, madeBy: type })),
  );
};

const byName = <T extends { name: string }>(items: T[]): T[] => items.sort((a, b) => (a.name < b.name ? -1 : 1));

/** What the program would build, from one run of it. */
export const makePlan = async (run: ProgramRun, settings: settingsModule.Settings): Promise<Plan> => {
  const { resources, outputs, stack } = run;
  const functions = await Promise.all(
    resources.filter(({ type }) => type === functionType).map((resource) => planFunction(resource, resources)),
  );
  const listed = resources
    .filter(({ custom, type }) => custom || type.startsWith("awsx:"))
    .flatMap((resource) => [{ type: resource.type, name: resource.name }, ...remoteChildren(resource)]);
  return {
    stack,
    resources: listed.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1)),
    functions: byName(functions),
    outputs,
    off: switchedOff(settings),
    cost: fixedCost(run, listed),
    totals: {
      resources: listed.length,
      functions: functions.length,
      zipBytes: functions.reduce((sum, { zipBytes }) => sum + zipBytes, 0),
      reservedConcurrency: functions.reduce((sum, { reservedConcurrency }) => sum + reservedConcurrency, 0),
    },
  };
};
