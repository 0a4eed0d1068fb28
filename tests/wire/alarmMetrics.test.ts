import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { expect } from "chai";
import { makeCache } from "../../functions/processing/cache/cache";
import { consume } from "../../functions/processing/consume/consume";
import type { Run } from "../../functions/processing/consume/run";
import { scheduled } from "../../functions/processing/consume/scheduled";
import { countWaiting } from "../../functions/processing/deadLetters/count";
import { countPutAside } from "../../functions/processing/deadLetters/putAside";
import { earningsProcessed } from "../../functions/processing/events/earningsProcessed";
import { Failure, type Origin } from "../../functions/processing/failure";
import { checkHealth } from "../../functions/processing/health/check";
import { api, serve } from "../../functions/processing/http/api";
import { metricNames } from "../../functions/processing/observe/metrics";
import { reportSweep, sweep } from "../../functions/processing/outbox/sweep";
import { ask } from "../../functions/processing/search/domain";
import { compare } from "../../functions/processing/shadow/compare";
import { writeMove } from "../../functions/processing/state/store";
import { watchQueue } from "../../functions/processing/work/watch";
import { step } from "../../functions/processing/workflow/step";
import type { ProgramRun, Resource } from "../../local/engine/program";
import { consumersOf, ofType, programOf, schedulesOf } from "../infra/program";
import { deadLetterWorld } from "./deadLetterWorld";
import { httpEvent } from "./ledger/requests";
import { captureOutput, type Line } from "./output";
import { asSearcher, searching } from "./searchWorld";
import { batch, context, envelope, world } from "./world";

interface Query {
  metric?: { namespace: string; metricName: string; dimensions: Record<string, string> };
}

const atOnce = { now: Date.now, newId: () => "id", random: () => 0, sleep: async () => undefined };

const emittedBy = (line: Line): string[] => {
  const { CloudWatchMetrics = [] } = (line["_aws"] ?? {}) as {
    CloudWatchMetrics?: { Namespace: string; Metrics: { Name: string }[] }[];
  };
  return CloudWatchMetrics.flatMap(({ Namespace, Metrics }) => Metrics.map(({ Name }) => `${Namespace} ${Name}`));
};

/** Namespace and name of every metric in these lines that one function emitted. */
const emitted = (name: string, lines: Line[]): Set<string> =>
  new Set(lines.filter((line) => line["function"] === name).flatMap(emittedBy));

/** What the alarms read of one function's own metrics. */
const readOf = async (name: string): Promise<string[]> => {
  const alarms = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/metricAlarm:MetricAlarm");
  const queries = alarms.flatMap(({ inputs }) => inputs["metricQueries"] as Query[]);
  const own = queries.flatMap(({ metric }) => (metric?.dimensions["function"] === name ? [metric] : []));
  return [...new Set(own.map(({ namespace, metricName }) => `${namespace} ${metricName}`))];
};

/** The entry of a function: what its file is called, and what its handler and its metrics are. */
const entryOf = ({ inputs }: Resource): string =>
  Object.keys(inputs["code"] as object).flatMap((path) => /^processing\/(\w+)\.js$/.exec(path)?.[1] ?? [])[0] ?? "";

const entriesOf = async (pick: (run: ProgramRun) => string[]): Promise<string[]> => {
  const run = await programOf({ stack: "dev" });
  const names = pick(run);
  return ofType(run, "aws:lambda/function:Function")
    .filter(({ name }) => names.includes(name))
    .map(entryOf);
};

/** Those of the bus, and what ledger events trigger directly. */
const consumers = async () => [...(await entriesOf(consumersOf)), "directTriggers"];
const schedules = () => entriesOf(schedulesOf);

type Handler<Input, Answer> = (input: Input, context: Context) => Promise<Answer>;

const handlerOf = <Input, Answer>(entry: string): Handler<Input, Answer> =>
  (require(`../../functions/processing/${entry}`) as Record<string, Handler<Input, Answer>>)[entry] ??
  expect.fail(`${entry} has no handler of its name`);

const unreachable = makeCache(async () => ({ host: "127.0.0.1", port: 1, token: "none" }));

/** The entries of the workflow's steps, and of what other teams call. */
const called = [
  "dataValidation",
  "ruleBasedAnalysis",
  "resultStorage",
  "notification",
  "search",
  "putExperiments",
  "experimentResults",
];

/** What answers over HTTP. */
const served = ["ledgerAccounts", "ledgerFiles", "ledgerRules", "ledgerTransactions"];

const stuck = (run: Run) =>
  writeMove(run, () => Promise.reject(new Failure("throttled", "slow down"))).catch(() => undefined);

const askingInVain = (run: Run) => ask({ method: "GET", path: "/nothing" }, run).catch(() => undefined);

/** What some functions measure besides what every one does. */
const besides: Record<string, (run: Run) => Promise<unknown>> = {
  ingestion: async (run) => {
    await unreachable.put("data:AAPL:earnings", {}, 60, run);
    await stuck(run);
  },
  pollination: stuck,
  ruleBasedAnalysis: (run) => unreachable.put("data:AAPL:earnings", {}, 60, run),
  search: askingInVain,
  searchIndexing: askingInVain,
  searchRepair: askingInVain,
  deadLetterWatch: async (run) => {
    run.meter.add(metricNames.deadLettersWaiting, await countWaiting(run));
    run.meter.add(metricNames.batchesPutAside, await countPutAside(run));
  },
  queueWatch: watchQueue,
  publisherHealth: checkHealth,
  shadowComparison: compare,
  outboxSweeper: async (run) => reportSweep(await sweep(run), run),
};

describe("the metrics that alarms read", () => {
  before(async () => {
    await world();
    await (await deadLetterWorld()).clean();
    asSearcher(await searching());
  });

  it("are all of functions that are tried here", async () => {
    const alarms = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/metricAlarm:MetricAlarm");
    const queries = alarms.flatMap(({ inputs }) => inputs["metricQueries"] as Query[]);
    const read = new Set(queries.flatMap(({ metric }) => metric?.dimensions["function"] ?? []));
    // What is counted of dead letters is tried where they are drained, and of the stream where its batches are.
    expect([...read].sort()).to.deep.equal(
      [...(await consumers()), ...(await schedules()), ...called, ...served, "dlqProcessor", "experimentStream"].sort(),
    );
  });

  it("are emitted by each consumer as its events fail in every way there is", async () => {
    const origins: Origin[] = ["dynamodb", "network", "provider", "code"];
    const good = envelope("earningsProcessed", { assetId: "AAPL", earningsDate: "2026-10-29" });
    for (const name of await consumers()) {
      const failures = [
        ...origins.map((origin) => new Failure("permanent", "no", { origin })),
        new Failure("denied", "you may not", { origin: "dynamodb" }),
      ];
      const handle = async (_: unknown, run: Run): Promise<string> => {
        const failure = failures.shift();
        if (failure) throw failure;
        await besides[name]?.(run);
        return run.call("Try", "dynamodb", () => Promise.reject(new Failure("throttled", "slow down")));
      };
      const failing = consume({ name, accepts: [earningsProcessed], handle }, atOnce);
      const bodies = [...failures.map(() => good), good, envelope("earningsProcessed", {})];
      const { lines } = await captureOutput(() => failing(batch(...bodies), context()));
      const read = await readOf(name);
      expect(read.length, name).to.be.greaterThan(10);
      expect([...emitted(name, lines)], name).to.include.members(read);
    }
    await (await world()).deadLetters.take();
  });

  it("are emitted by each schedule, on a good run and on a refused one", async () => {
    const firing = { trigger: "daily", time: "2026-10-29T04:00:00Z" };
    for (const name of await schedules()) {
      const good = scheduled(name, async (run) => besides[name]?.(run), atOnce);
      const refused = scheduled(name, () => Promise.reject(new Failure("denied", "you may not")), atOnce);
      const { lines } = await captureOutput(async () => {
        await good(firing, context(120_000));
        await refused(firing, context(120_000)).catch(() => undefined);
      });
      const read = await readOf(name);
      expect(read, name).to.include.members(["Signal9 Failure", "Signal9 ErrorPermission"]);
      expect([...emitted(name, lines)], name).to.include.members(read);
    }
  });

  it("are emitted by each step and by what other teams call, as calls fail in every way there is", async () => {
    // What became of companies is counted where they are rated, and tried there.
    const elsewhere = ["Signal9 AnalysesCompleted", "Signal9 AnalysesFailed"];
    for (const name of called) {
      const origins: Origin[] = ["dynamodb", "network", "provider", "code"];
      const failures = [
        ...origins.map((origin) => new Failure("permanent", "no", { origin })),
        new Failure("validation", "no such thing", { origin: "input" }),
        new Failure("denied", "you may not", { origin: "dynamodb" }),
      ];
      const work = async (_: unknown, run: Run): Promise<unknown> => {
        const failure = failures.shift();
        if (failure) throw failure;
        await besides[name]?.(run);
        return run.call("Try", "dynamodb", () => Promise.reject(new Failure("throttled", "slow down")));
      };
      const failing = step({ name, parse: (input) => input, about: () => ({}), work }, atOnce);
      const { lines } = await captureOutput(async () => {
        for (let call = failures.length + 1; call > 0; call--) await failing({}, context()).catch(() => undefined);
      });
      const read = (await readOf(name)).filter((metric) => !elsewhere.includes(metric));
      expect(read.length, name).to.be.greaterThan(8);
      expect([...emitted(name, lines)], name).to.include.members(read);
    }
  });

  it("are emitted by what answers over HTTP, as it is denied what it needs", async () => {
    for (const name of served) {
      const operation = {
        id: "try",
        route: "GET /try",
        summary: "",
        answer: { status: 200, description: "" },
      } as const;
      const denied = new Failure("denied", "you may not", { origin: "dynamodb" });
      const failing = api(name, [serve(operation, () => Promise.reject(denied))], atOnce);
      const { lines, result } = await captureOutput(() => failing(httpEvent("ann", "GET /try"), context()));
      expect(result.statusCode).to.equal(500);
      const read = await readOf(name);
      expect(read, name).to.include("Signal9 ErrorPermission");
      expect([...emitted(name, lines)], name).to.include.members(read);
    }
  });

  it("carry the name of the entry that emits them", async () => {
    for (const entry of await consumers()) {
      const handler = handlerOf<SQSEvent, SQSBatchResponse>(entry);
      const { lines, result } = await captureOutput(() => handler(batch("not an event"), context()));
      expect(result, entry).to.deep.equal({ batchItemFailures: [] });
      expect([...emitted(entry, lines)], entry).to.include("Signal9 DeadLettered");
    }
    for (const entry of await schedules()) {
      const handler = handlerOf<unknown, unknown>(entry);
      const { lines, result } = await captureOutput(() =>
        handler({ trigger: "daily" }, context()).catch((error: unknown) => error),
      );
      expect(result, entry).to.be.instanceOf(Failure).with.property("field", "event.time");
      expect([...emitted(entry, lines)], entry).to.include("Signal9 ErrorValidation");
    }
    for (const entry of called) {
      const handler = handlerOf<unknown, unknown>(entry);
      const { lines, result } = await captureOutput(() => handler(7, context()).catch((error: unknown) => error));
      expect(result, entry).to.be.instanceOf(Error).with.property("name", "Permanent");
      expect([...emitted(entry, lines)], entry).to.include("Signal9 ErrorValidation");
    }
    for (const entry of served) {
      const handler = handlerOf<unknown, unknown>(entry);
      const { lines } = await captureOutput(() => handler(httpEvent("ann", "GET /nowhere"), context()));
      expect([...emitted(entry, lines)], entry).to.include("Signal9 Events");
    }
    const letters = await (await world()).deadLetters.take();
    const told = letters.map(({ MessageAttributes }) => MessageAttributes?.["consumer"]?.StringValue);
    expect(told.sort()).to.deep.equal((await consumers()).sort());
  });
});
