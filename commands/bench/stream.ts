import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { dayMs } from "../../functions/processing/stream/event";
import { type Engine, startEngine } from "../../local/dynamodb/engine";
import { median, percentile, printTable } from "./measure";
import { usualMix } from "./stream/events";
import { lookThrough } from "./stream/lookThrough";
import type { Contender, Order, Outcome } from "./stream/run";

const tables = {
  "event-aggregations": ["partition_key", "sort_key"],
  experiments: ["experiment_id"],
  assignments: ["user_id", "experiment_id"],
};

const createTables = async (engine: Engine): Promise<void> => {
  for (const [TableName, keys] of Object.entries(tables)) {
    const request = {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? "HASH" : "RANGE" })),
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    };
    const { status, body } = await engine.send("CreateTable", JSON.stringify(request));
    if (status !== 200) throw new Error(`table ${TableName} was not made: ${body}`);
  }
};

/** Stands in for S3: takes every object, and keeps none. */
const startSink = async () => {
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(200, { etag: '"sink"' }).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
};

type Run = (
  order: Partial<Order> &
    Pick<Order, "contender" | "batches"> & {
      /** How many users of a measure are kept. @default each of them */
      userSample?: number;
    },
) => Promise<Outcome>;

/** Each in a process of its own, as a function is; all of them with the same engine. */
const runner = (dynamodb: string, s3: string): Run => {
  // Not over yet: what comes after its hour is taken into its day at once, which costs each batch two calls more.
  let day = Math.ceil(Date.now() / dayMs);
  return async ({ userSample = 0, ...order }) => {
    // The next day of the same experiments, so that nothing is known from the run before.
    const startedAt = day++ * dayMs;
    const child = fork(resolve(__dirname, "stream/run.ts"), [], {
      // Not the flags that keep the embedded cloud's heap small: a function has none of them.
      execArgv: ["-r", resolve(__dirname, "../../local/engine/typescript.cjs"), "--expose-gc"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        ...process.env,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "bench",
        AWS_SECRET_ACCESS_KEY: "bench",
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
        AWS_ENDPOINT_URL_S3: s3,
        EVENT_AGGREGATIONS_TABLE: "event-aggregations",
        EXPERIMENTS_TABLE: "experiments",
        ASSIGNMENTS_TABLE: "assignments",
        EVENT_ARCHIVE_BUCKET: "archive",
        EXPERIMENT_SHARDS: "1",
        EXPERIMENT_USER_SAMPLE: String(userSample),
        EXPERIMENT_RETENTION_DAYS: "400",
        POWERTOOLS_SERVICE_NAME: "bench",
      },
    });
    child.send({ batchSize: 100, warmUp: 5, lanes: 1, mix: usualMix, startedAt, memoryAfter: [], ...order });
    const [{ outcome, error }] = (await once(child, "message")) as [{ outcome?: Outcome; error?: string }];
    if (!outcome) throw new Error(error);
    return outcome;
  };
};

const names: Record<Contender, string> = {
  this: "(a) this",
  straightforward: "(b) zod, an UpdateItem an event",
  powertools: "(c) Powertools' batch around (b)",
};

const perEvent = (value: number, events: number): string => (value / events).toFixed(4);

const row = (label: string, batchSize: number, outcome: Outcome): string[] => {
  const events = batchSize * outcome.ms.length;
  return [
    label,
    String(batchSize),
    String(Math.round((events / outcome.totalMs) * 1_000)),
    perEvent(outcome.writes, events),
    perEvent(outcome.refused, events),
    perEvent(outcome.writeUnits, events),
    perEvent(outcome.readUnits, events),
    median(outcome.ms).toFixed(1),
    percentile(outcome.ms, 0.99).toFixed(1),
    (outcome.cpuMs / outcome.ms.length).toFixed(1),
    String(Math.round(outcome.memory.at(-1)?.inUse ?? Number.NaN)),
  ];
};

const head = [
  "",
  "batch",
  "events/s",
  "writes/event",
  "refused",
  "write units",
  "read units",
  "p50, ms",
  "p99, ms",
  "own CPU, ms",
  "MB in use",
];

/** Warm, as a function is that has been at it for some minutes: each with so many events before. */
const warmEvents = 10_000;

const sizes = [
  { batchSize: 100, batches: 40, rounds: 3 },
  { batchSize: 1_000, batches: 10, rounds: 1 },
  { batchSize: 10_000, batches: 2, rounds: 1 },
];

const together = (a: Outcome | undefined, b: Outcome): Outcome =>
  a === undefined
    ? b
    : {
        ms: [...a.ms, ...b.ms],
        totalMs: a.totalMs + b.totalMs,
        cpuMs: a.cpuMs + b.cpuMs,
        writes: a.writes + b.writes,
        refused: a.refused + b.refused,
        writeUnits: a.writeUnits + b.writeUnits,
        readUnits: a.readUnits + b.readUnits,
        memory: b.memory,
      };

const timesAsFast = (outcomes: Map<Contender, Outcome>): number => {
  const [mine, others] = (["this", "straightforward"] as const).map((contender) => {
    const { ms, totalMs } = outcomes.get(contender) ?? { ms: [], totalMs: Number.NaN };
    return totalMs / ms.length;
  });
  return (others ?? Number.NaN) / (mine ?? Number.NaN);
};

/** In turns, so that what else the machine does meets all of them. */
const sideBySide = async (run: Run): Promise<void> => {
  const rows = [head];
  const told: string[] = [];
  for (const { batchSize, batches, rounds } of sizes) {
    const outcomes = new Map<Contender, Outcome>();
    const warmUp = Math.ceil(warmEvents / batchSize);
    for (let round = 0; round < rounds; round++)
      for (const contender of ["this", "straightforward", "powertools"] as const)
        outcomes.set(
          contender,
          together(outcomes.get(contender), await run({ contender, batchSize, batches, warmUp })),
        );
    for (const [contender, outcome] of outcomes) rows.push(row(names[contender], batchSize, outcome));
    told.push(`${timesAsFast(outcomes).toFixed(1)} at ${batchSize}`);
  }
  printTable(rows);
  console.log(`events a second of (a), as a multiple of (b): ${told.join(", ")}`);
};

/** `experimentUserSample`: the default, and what gives 2 %. */
const samples = [0, 4_096];

const keeping = (userSample: number): string =>
  userSample === 0 ? "each user counted" : `${userSample} of a measure kept`;

/** What the number of experiments in a batch costs, and what writers cost that get in each other's way. */
const others = async (run: Run): Promise<void> => {
  const rows = [["(a), other loads", ...head.slice(1)]];
  for (const experiments of [1, 10, 100]) {
    const mix = { ...usualMix, experiments };
    rows.push(
      row(`${experiments} experiments`, 500, await run({ contender: "this", batchSize: 500, batches: 20, mix })),
    );
  }
  for (const lanes of [4, 10])
    rows.push(row(`${lanes} functions at a time`, 100, await run({ contender: "this", batches: 100, lanes })));
  const mix = { ...usualMix, experiments: 1, users: 1_000_000 };
  for (const userSample of samples)
    rows.push(
      row(
        `a million users, ${keeping(userSample)}`,
        500,
        await run({ contender: "this", batchSize: 500, batches: 40, warmUp: 100, mix, userSample }),
      ),
    );
  printTable(rows);
};

/** After how many events it is looked at the memory. */
const looks = [10_000, 100_000, 1_000_000];

const memory = async (run: Run, userSample: number): Promise<void> => {
  const batchSize = 1_000;
  const warmUp = 1;
  const memoryAfter = looks.map((events) => events / batchSize);
  const batches = (memoryAfter.pop() ?? 0) - warmUp;
  const outcome = await run({ contender: "this", batchSize, batches, warmUp, userSample, memoryAfter });
  const told = looks.map((events, at) => {
    const { inUse = Number.NaN, resident = Number.NaN } = outcome.memory[at] ?? {};
    return `${inUse.toFixed(0)} MB (${resident.toFixed(0)}) after ${events.toLocaleString("en")}`;
  });
  const perSecond = Math.round((outcome.ms.length * batchSize) / (outcome.totalMs / 1_000));
  const units = perEvent(outcome.writeUnits, outcome.ms.length * batchSize);
  console.log(`memory in use (resident), ${keeping(userSample)}, events: ${told.join(", ")}`);
  console.log(`  ${perSecond} events/s, ${units} write units an event`);
};

/** Counting the events of experiments, beside the way that first comes to mind. */
export const stream = async (): Promise<void> => {
  const engine = await startEngine();
  const sink = await startSink();
  try {
    await createTables(engine);
    const run = runner(engine.endpoint, sink.endpoint);
    await sideBySide(run);
    console.log();
    await others(run);
    console.log();
    for (const userSample of samples) await memory(run, userSample);
    lookThrough();
  } finally {
    sink.close();
    await engine.close();
  }
};
