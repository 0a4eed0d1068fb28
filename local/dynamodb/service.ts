import { account, type Cloud, region } from "../cloud/cloud";
import type { Call, Operation, Service } from "../cloud/service";
import type { MetricDatum } from "../cloudWatch/metricData";
import { awsJson } from "../gateway/awsJson";
import { accessOf, type Request } from "./access";
import { type Refused, refusal } from "./ask";
import { Backups } from "./backups";
import { realiseTable } from "./declared";
import { emptyTables } from "./emptyTables";
import { type Engine, type EngineOptions, startEngine } from "./engine";
import { Expiry } from "./expiry";
import { expressionChecks } from "./expressionLimits";
import { readChecks } from "./reads";
import { Shapes } from "./shapes";
import { tableChecks } from "./tables";
import { writeChecks } from "./writes";

/** The engine speaks of itself as of another region and account. */
const engineArn = /arn:aws:dynamodb:dynoxide:\d{12}:/g;
const tellsArns = new Set(["CreateTable", "DeleteTable", "DescribeTable", "UpdateTable"]);
const withoutCapacity = new Set([...tellsArns, "ListTables"]);
const changesTables = new Set(["DeleteTable", "UpdateTable"]);
const reads = new Set(["BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"]);

/** Those of the request alone, and those that need to know its table. */
const requestChecks = { ...tableChecks, ...expressionChecks };
const checks = { ...readChecks, ...writeChecks };

interface Capacity {
  TableName?: string;
  CapacityUnits?: number;
}

interface Answer extends Refused {
  ConsumedCapacity?: Capacity | Capacity[];
}

const consumed = ({ ConsumedCapacity = [] }: Answer): Capacity[] => [ConsumedCapacity].flat();

const units = (answer: Answer): number =>
  consumed(answer).reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);

export interface DynamoDBOptions extends EngineOptions {
  onMetric?: (datum: MetricDatum) => void;
}

/** DynamoDB: a real engine in a process of its own, behind the gateway's permissions, faults and meter. */
export const createDynamoDB = (
  cloud: Cloud,
  { onMetric, ...options }: DynamoDBOptions = {},
): Service & { sweepExpired: () => Promise<void> } => {
  const starting = startEngine(options);
  starting.catch(() => undefined);
  const engine = (): Promise<Engine> => starting;
  const expiry = new Expiry(cloud, engine);
  const backups = new Backups(cloud, engine);
  const shapes = new Shapes(engine);

  /** What an index took is counted with its table. */
  const tell = (reading: boolean, answer: Answer): void => {
    for (const { TableName = "", CapacityUnits = 0 } of consumed(answer)) {
      onMetric?.({
        namespace: "AWS/DynamoDB",
        name: reading ? "ConsumedReadCapacityUnits" : "ConsumedWriteCapacityUnits",
        dimensions: { TableName },
        timestamp: cloud.clock.now(),
        values: [CapacityUnits],
        unit: "Count",
      });
    }
  };

  const forward = async (
    operation: string,
    input: Request & { ReturnConsumedCapacity?: string },
    call: Call,
  ): Promise<unknown> => {
    const counted = !withoutCapacity.has(operation);
    const asked = input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== "NONE";
    const body = counted && !asked ? JSON.stringify({ ...input, ReturnConsumedCapacity: "TOTAL" }) : call.http.body;
    const answer = await (await engine()).send(operation, body);
    if (changesTables.has(operation)) shapes.forget(String(input.TableName));
    const text = answer.body.toString("utf8");
    const told = tellsArns.has(operation) ? text.replace(engineArn, `arn:aws:dynamodb:${region}:${account}:`) : text;
    const parsed = JSON.parse(told) as Answer;
    if (answer.status !== 200) throw refusal(answer.status, parsed);
    if (operation === "DeleteTable") expiry.forget(String(input.TableName));
    if (counted) {
      const reading = reads.has(operation);
      const what = reading ? "dynamodb read unit" : "dynamodb write unit";
      tell(reading, parsed);
      cloud.meter.add(what, units(parsed), { caller: call.caller.name, operation });
    }
    if (asked || !counted) return Buffer.from(told);
    const { ConsumedCapacity: _, ...rest } = parsed;
    return rest;
  };

  const operations = Object.fromEntries(
    Object.entries(accessOf).map(([name, access]): [string, Operation] => [
      name,
      {
        access,
        run: async (input: Request, call) => {
          requestChecks[name]?.(input);
          await checks[name]?.(shapes, input);
          return forward(name, input, call);
        },
      },
    ]),
  );

  return {
    signingName: "dynamodb",
    protocol: awsJson({
      version: "1.0",
      target: "DynamoDB_20120810",
      errorNamespace: "com.amazonaws.dynamodb.v20120810",
    }),
    operations: { ...operations, ...expiry.operations, ...backups.operations },
    resources: {
      "aws:dynamodb/table:Table": async (declared) => {
        const { ttl, ...realised } = await realiseTable(declared, await engine());
        shapes.forget(String(realised.id));
        const { hashKey, rangeKey } = declared.inputs as { hashKey: string; rangeKey?: string };
        if (ttl) expiry.watch(String(realised.id), ttl, [hashKey, ...(rangeKey ? [rangeKey] : [])]);
        return realised;
      },
    },
    sweepExpired: () => expiry.sweep(),
    reset: async () => {
      backups.clear();
      await emptyTables(await engine());
    },
    close: async () => {
      const running = await starting.catch(() => undefined);
      await running?.close();
    },
  };
};
