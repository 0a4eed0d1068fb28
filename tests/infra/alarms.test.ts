import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { metricNames } from "../../functions/processing/observe/metrics";
import type { ProgramRun } from "../../local/engine/program";
import {
  consumersOf,
  ofType,
  optionalSettings,
  programOf,
  schedulesOf,
  stacks,
  streamsOf,
  variablesOf,
} from "./program";

interface Query {
  id: string;
  expression?: string;
  returnData?: boolean;
  metric?: { namespace: string; metricName: string; stat: string; dimensions: Record<string, string> };
}

/** Steps of the workflow, and what other teams call. */
const called = [
  "data-validation",
  "rule-based-analysis",
  "result-storage",
  "notification",
  "search",
  "put-experiments",
  "experiment-results",
];

/** Behind the API, which has alarms of its own for what its callers see. */
const served = ["ledger-accounts", "ledger-transactions", "ledger-rules", "ledger-files"];

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** The names under which functions write their metrics: those of their entries. */
const entriesOf = (run: ProgramRun): string[] =>
  ofType(run, "aws:lambda/function:Function").flatMap(({ inputs }) =>
    Object.keys(inputs["code"] as object).flatMap((path) => /^processing\/(\w+)\.js$/.exec(path)?.[1] ?? []),
  );

const platformMetrics: Record<string, string[]> = {
  "AWS/ApiGateway": ["Count", "5xx", "Latency"],
  "AWS/Lambda": ["DestinationDeliveryFailures", "Duration", "IteratorAge"],
  "AWS/SQS": ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
  "AWS/Events": ["Invocations", "FailedInvocations"],
  "AWS/States": ["ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"],
};

const sums = (...names: string[]): string[] => names.map((name) => `Sum ${name}`);
const categories = sums(
  "Events",
  ...["Validation", "DynamoDB", "Network", "Provider", "Permission", "Other"].map((kind) => `Error${kind}`),
);
const waiting = "Maximum ApproximateNumberOfMessagesVisible";

describe("alarms", () => {
  for (const stack of stacks) {
    it(`of ${stack} act on a topic of ours, both ways, and say what silence means`, async () => {
      const run = await programOf({ stack });
      const alarms = ofType(run, alarmType);
      expect(alarms).to.have.length.greaterThan(10);
      for (const { inputs, name } of alarms) {
        const [action] = inputs["alarmActions"] as string[];
        expect(action, name).to.match(new RegExp(`^arn:aws:sns:us-east-1:123456789012:signal9-${stack}-`));
        expect(inputs["okActions"], name).to.deep.equal([action]);
        expect(inputs["treatMissingData"], name).to.be.oneOf(["breaching", "notBreaching"]);
        const [, gravity, page = ""] =
          /^[A-Z\d].{10,} \((critical|warning)\)\. Runbook: (.+)$/.exec(String(inputs["alarmDescription"])) ?? [];
        expect(gravity, name).to.be.a("string");
        expect(existsSync(resolve(__dirname, "../..", page)), `${name} ${page}`).to.equal(true);
      }
    });
  }

  it("read metrics that exist: ours by the names the functions emit, AWS's by the names of resources we make", async () => {
    const run = await programOf({ stack: "dev" });
    const names = new Set(run.resources.map(({ inputs }) => inputs["name"]));
    const functions = entriesOf(run);
    const filters = ofType(run, "aws:cloudwatch/logMetricFilter:LogMetricFilter").map(
      ({ inputs }) => (inputs["metricTransformation"] as { name: string }).name,
    );
    for (const { inputs, name } of ofType(run, alarmType)) {
      for (const { metric } of inputs["metricQueries"] as Query[]) {
        if (!metric) continue;
        const { namespace, metricName, dimensions } = metric;
        if (namespace === "Signal9/Memory") {
          expect(filters, name).to.include(metricName);
        } else if (namespace.startsWith("Signal9")) {
          expect(Object.values(metricNames), name).to.include(metricName);
          expect(Object.keys(dimensions), name).to.deep.equal(["function", "service"]);
          expect(functions, name).to.include(dimensions["function"]);
        } else {
          expect(platformMetrics[namespace], `${name} ${namespace}`).to.include(metricName);
          for (const value of Object.values(dimensions)) expect(names, name).to.include(value.split(":").at(-1));
        }
      }
    }
  });

  it("begin with the function that their page asks the logs about", async () => {
    const run = await programOf({ stack: "dev", settings: optionalSettings });
    const functions = ofType(run, "aws:lambda/function:Function").map(({ name }) => name);
    const asking = ofType(run, alarmType).filter(({ inputs }) => {
      const [page = ""] = /docs\/runbooks\/[a-z-]+\.md/.exec(String(inputs["alarmDescription"])) ?? [];
      return readFileSync(resolve(__dirname, "../..", page), "utf8").includes("--function <function>");
    });
    expect(asking.length).to.be.greaterThan(100);
    for (const { name } of asking)
      expect(
        functions.filter((one) => name.startsWith(`${one}-`)),
        name,
      ).to.not.be.empty;
  });

  it("return one series, whose expression names only metrics that the alarm has", async () => {
    for (const { inputs, name } of ofType(await programOf({ stack: "dev" }), alarmType)) {
      const queries = inputs["metricQueries"] as Query[];
      const judged = queries.filter(({ returnData }) => returnData);
      expect(judged, name).to.have.length(1);
      const ids = queries.filter(({ metric }) => metric).map(({ id }) => id);
      const used = [...(judged[0]?.expression ?? "").matchAll(/\b[a-z]\w*\b/g)].map(([id]) => id);
      expect([...new Set(used)].sort(), name).to.deep.equal(ids.sort());
    }
  });

  it("watch every consumer and every schedule by the metric that tells of it, at its limits", async () => {
    const run = await programOf({ stack: "prod" });
    const [consumers, schedules, streams] = [consumersOf(run), schedulesOf(run), streamsOf(run)];
    const functions = ofType(run, "aws:lambda/function:Function").filter(({ name }) =>
      [...consumers, ...schedules, ...streams, "dlq-processor", "direct-triggers", ...called, ...served].includes(name),
    );
    const expected = functions.flatMap((one) => {
      const { timeout, memorySize } = one.inputs as { timeout: number; memorySize: number };
      return [
        [`${one.name}-duration`, [Math.floor((timeout * 25) / 30) * 1_000, 1, "Maximum Duration"]],
        [`${one.name}-memory`, [memorySize * 0.8, 1, `Maximum signal9-prod-${one.name}`]],
        [`${one.name}-denied`, [0, 1, "Sum ErrorPermission"]],
        ...("CACHE_HOST" in variablesOf(one) ? [[`${one.name}-cache`, [3, 1, "Sum CacheFailures"]]] : []),
        ...("SEARCH_ENDPOINT" in variablesOf(one)
          ? [[`${one.name}-search`, [2, 1, ...sums("SearchRequests", "SearchErrors")]]]
          : []),
      ] as const;
    });
    const ofConsumers = [...consumers, "direct-triggers"].flatMap((name) => [
      [`${name}-failures`, [10, 1, ...sums("Events", "Failure")]],
      [`${name}-error-category`, [15, 1, ...categories]],
      [`${name}-retries`, [50, 1, ...sums("Operations", "Retries")]],
      [`${name}-dead-letter-rate`, [10, 1, ...sums("Events", "DeadLettered")]],
      [`${name}-dead-letters`, [100, 1, waiting]],
      [`${name}-delay`, [300, 1, "Maximum ApproximateAgeOfOldestMessage"]],
      [`${name}-validation`, [5, 2, "Sum ValidationErrors"]],
    ]);
    const ofStreams = streams.flatMap((name) => [
      [`${name}-lost`, [0, 1, "Sum DestinationDeliveryFailures"]],
      [`${name}-failures`, [10, 1, ...sums("Events", "Failure")]],
      [`${name}-error-category`, [15, 1, ...categories]],
      [`${name}-retries`, [50, 1, ...sums("Operations", "Retries")]],
      [`${name}-enrich`, [0, 2, "Sum StreamEnrichErrors"]],
      [`${name}-aggregate`, [0, 2, "Sum StreamAggregateErrors"]],
      [`${name}-archive`, [0, 2, "Sum StreamArchiveErrors"]],
      [`${name}-iterator-age`, [300_000, 1, "Maximum IteratorAge"]],
      [`${name}-duplicates`, [10, 1, ...sums("Events", "StreamDuplicates")]],
      [`${name}-dead-letter-rate`, [10, 1, ...sums("Events", "DeadLettered")]],
      [`${name}-dead-letters`, [100, 1, waiting]],
      [`${name}-validation`, [5, 2, "Sum ValidationErrors"]],
    ]);
    const ofRules = consumers.flatMap((name) => [
      [`${name}-undelivered`, [0, 1, waiting]],
      [`${name}-rule`, [5, 1, ...sums("Invocations", "FailedInvocations")]],
    ]);
    const ofStates = ["pollination", "ingestion"].map((name) => [
      `${name}-state`,
      [5, 1, ...sums("StateMoves", "StateErrors")],
    ]);
    const ofSchedules = schedules.flatMap((name) => [
      [`${name}-failures`, [0, 1, "Sum Failure"]],
      [`${name}-dead-letters`, [0, 1, waiting]],
    ]);
    const ofTheOutbox = [
      ["jobs-delay", [300, 1, "Maximum JobsDelay"]],
      ["outbox-sweeper-age", [900, 1, "Maximum OutboxAge"]],
      ["outbox-sweeper-silent", [1, 3, "Sum Success"]],
      ["publisher-health-bus", [0, 1, "Maximum BusUnreachable"]],
      ["publisher-health-age", [900, 1, "Maximum PendingAge"]],
      ["publisher-health-overdue", [100, 1, "Maximum PendingOverdue"]],
      ["shadow-comparison-different", [0, 1, "Sum ShadowDifferent"]],
      ["shadow-comparison-missing", [0, 1, "Sum ShadowMissing"]],
    ];
    const ofDeadLetters = [
      ["dlq-processor-failures", [0, 1, "Sum Failure"]],
      ["dead-letters-waiting", [100, 1, "Maximum DeadLettersWaiting"]],
      ["stream-put-aside", [0, 1, "Maximum BatchesPutAside"]],
      ["dead-letters-undelivered", [0, 1, "Sum DeadLettersUndelivered"]],
      ["dead-letters-runs", [0, 1, "Sum DeadLettersOfRuns"]],
    ];
    const ofCalled = called.flatMap((name) => [
      [`${name}-failures`, [10, 1, ...sums("Events", "Failure")]],
      [`${name}-error-category`, [15, 1, ...categories]],
      [`${name}-retries`, [50, 1, ...sums("Operations", "Retries")]],
    ]);
    const ofTheApi = [
      ["ledger-errors", [1, 1, ...sums("Count", "5xx")]],
      ["ledger-latency", [5_000, 2, "p99 Latency"]],
    ];
    const ofTheWorkflow = [
      [
        "analysis-workflow-failures",
        [10, 1, ...sums("ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")],
      ],
      ["analyses-failed", [5, 1, ...sums("AnalysesCompleted", "AnalysesFailed")]],
    ];
    const alarms = ofType(run, alarmType).map(({ name, inputs }) => [
      name,
      [
        inputs["threshold"],
        inputs["evaluationPeriods"],
        ...(inputs["metricQueries"] as Query[]).flatMap(({ metric }) =>
          metric ? [`${metric.stat} ${metric.metricName}`] : [],
        ),
      ],
    ]);
    const ofPlatform = [...ofRules, ...ofTheOutbox, ...ofDeadLetters, ...ofTheWorkflow, ...ofTheApi];
    expect(Object.fromEntries(alarms)).to.deep.equal(
      Object.fromEntries([
        ...expected,
        ...ofConsumers,
        ...ofStates,
        ...ofStreams,
        ...ofSchedules,
        ...ofCalled,
        ...ofPlatform,
      ]),
    );
  });

  it("give markEarningsProcessed the limits that were agreed on", async () => {
    const limits = Object.fromEntries(
      ofType(await programOf({ stack: "prod" }), alarmType).map(({ name, inputs }) => [name, inputs["threshold"]]),
    );
    expect(limits).to.include({ "mark-earnings-processed-duration": 25_000, "mark-earnings-processed-memory": 204.8 });
  });

  it("tell of an ingestion whose cache is gone, and of nobody's cache who has none", async () => {
    const run = await programOf({ stack: "dev" });
    const alarms = ofType(run, alarmType).filter(({ name }) => name.endsWith("-cache"));
    const users = ofType(run, "aws:lambda/function:Function").filter((one) => "CACHE_HOST" in variablesOf(one));
    expect(alarms.map(({ name }) => name)).to.include("ingestion-cache");
    expect(users.map(({ name }) => `${name}-cache`)).to.include.members(alarms.map(({ name }) => name));
    const [failures] = alarms.flatMap(({ inputs }) => inputs["metricQueries"] as Query[]);
    expect(failures?.metric).to.deep.include({
      namespace: "Signal9",
      metricName: "CacheFailures",
      stat: "Sum",
      dimensions: { service: "signal9-dev-platform", function: "ingestion" },
    });
  });

  it("tell of a day and two hours without a rating, where there is a key to rate by", async () => {
    const keyed = await programOf({ stack: "dev", settings: optionalSettings });
    const stale = ofType(keyed, alarmType).find(({ name }) => name === "analyses-stale");
    expect(stale?.inputs).to.include({ evaluationPeriods: 26, treatMissingData: "breaching", threshold: 1 });
    const [completed] = (stale?.inputs["metricQueries"] ?? []) as Query[];
    expect(completed?.metric).to.include({ metricName: "AnalysesCompleted", period: 3_600 });
  });

  it("judge no rate below the traffic the stack asks for, but for companies, who are few", async () => {
    const expression = async (stack: string, label = "categorization") => {
      const alarm = ofType(await programOf({ stack }), alarmType).find(({ name }) => name === `${label}-failures`);
      return ((alarm?.inputs["metricQueries"] ?? []) as Query[]).find(({ returnData }) => returnData)?.expression;
    };
    expect(await expression("dev")).to.include("FILL(events, 0) >= 50");
    expect(await expression("prod")).to.include("FILL(events, 0) >= 20");
    expect(await expression("prod", "mark-earnings-processed")).to.include("FILL(events, 0) >= 3");
  });
});
