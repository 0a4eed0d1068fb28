import type { Context } from "aws-lambda";
import { dynamodb } from "../../../functions/processing/aws/dynamodb";
import { streamHandler } from "../../../functions/processing/stream/handler";
import { batchFrom, type Mix } from "./events";
import { client, straightforward, withPowertools } from "./straightforward";

export type Contender = "this" | "straightforward" | "powertools";

export interface Order {
  contender: Contender;
  batchSize: number;
  /** Batches before it is measured. */
  warmUp: number;
  batches: number;
  /** That many functions at a time, each with its own memory, share the batches. */
  lanes: number;
  mix: Mix;
  startedAt: number;
  /** After how many batches it is looked at the memory too, and not only at the end. To collect everything costs the batch that follows. */
  memoryAfter: readonly number[];
}

export interface Outcome {
  /** Of each batch. */
  ms: number[];
  totalMs: number;
  /** Of the processor, by this process: what else the machine does makes no difference to it. */
  cpuMs: number;
  writes: number;
  /** Refused, because another writer was first: charged too, although DynamoDB does not say by how much. */
  refused: number;
  writeUnits: number;
  readUnits: number;
  /** Once everything was collected that nobody needs. */
  memory: Megabytes[];
}

export interface Megabytes {
  inUse: number;
  /** What the process has of the machine, in use or not. */
  resident: number;
}

type Handle = (batch: ReturnType<typeof batchFrom>, context: Context) => Promise<unknown>;

const contenders: Record<Contender, () => Handle> = {
  this: () => {
    const handle = streamHandler("experimentStream");
    return async (batch, context) => {
      const { batchItemFailures } = await handle(batch, context);
      if (batchItemFailures.length > 0) throw new Error("a batch failed");
    };
  },
  straightforward: () => straightforward,
  powertools: () => withPowertools,
};

const context = {
  functionName: "bench",
  awsRequestId: "bench",
  getRemainingTimeInMillis: () => 60_000,
} as Context;

/** What DynamoDB charges, as it says itself. */
const meterUnits = (outcome: Pick<Outcome, "writes" | "refused" | "writeUnits" | "readUnits">): void => {
  interface Charged {
    ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
  }
  for (const one of [dynamodb(), client()])
    one.middlewareStack.add(
      (next, { commandName = "" }) =>
        async (args) => {
          Object.assign(args.input as object, { ReturnConsumedCapacity: "TOTAL" });
          const answer = await next(args).catch((error: Error) => {
            if (error.name === "ConditionalCheckFailedException") outcome.refused++;
            throw error;
          });
          const charged = [(answer.output as Charged).ConsumedCapacity ?? []].flat();
          const units = charged.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
          if (/Query|Get/.test(commandName)) outcome.readUnits += units;
          else {
            outcome.writes++;
            outcome.writeUnits += units;
          }
          return answer;
        },
      { step: "initialize", name: "meter" },
    );
};

/** Collects until nothing more falls away: what lies outside of the heap goes only after what held it is gone. */
const megabytes = (): Megabytes => {
  let used = Number.POSITIVE_INFINITY;
  for (;;) {
    global.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    if (heapUsed + external >= used) return { inUse: used / 1024 ** 2, resident: rss / 1024 ** 2 };
    used = heapUsed + external;
  }
};

const run = async (order: Order): Promise<Outcome> => {
  const { contender, batchSize, warmUp, batches, lanes, mix, startedAt, memoryAfter } = order;
  const handles = Array.from({ length: lanes }, contenders[contender]);
  const outcome: Outcome = {
    ms: [],
    totalMs: 0,
    cpuMs: 0,
    writes: 0,
    refused: 0,
    writeUnits: 0,
    readUnits: 0,
    memory: [],
  };
  let next = 0;
  const handleNext = async (handle: Handle): Promise<void> => {
    const batch = batchFrom(next++ * batchSize, batchSize, startedAt, mix);
    const before = performance.now();
    const cpuBefore = process.cpuUsage();
    await handle(batch, context);
    outcome.ms.push(performance.now() - before);
    const { user, system } = process.cpuUsage(cpuBefore);
    outcome.cpuMs += (user + system) / 1_000;
  };
  for (let at = 0; at < warmUp; at++) await handleNext(handles[at % lanes] ?? (handles[0] as Handle));
  meterUnits(outcome);
  outcome.ms = [];
  outcome.cpuMs = 0;
  const last = warmUp + batches;
  const before = performance.now();
  await Promise.all(
    handles.map(async (handle) => {
      while (next < last) {
        await handleNext(handle);
        if (memoryAfter.includes(next)) outcome.memory.push(megabytes());
      }
    }),
  );
  // Making the records is not part of the work.
  outcome.totalMs = lanes === 1 ? outcome.ms.reduce((sum, ms) => sum + ms) : performance.now() - before;
  outcome.memory.push(megabytes());
  return outcome;
};

process.once("message", (order: Order) => {
  void run(order).then(
    (outcome) => process.send?.({ outcome }, () => process.exit(0)),
    (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
  );
});
