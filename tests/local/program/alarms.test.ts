import { DisableRuleCommand, EnableRuleCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { findIssuer } from "../../../commands/token/issuer";
import { signInTester } from "../../../commands/token/signIn";
import { dataTypes } from "../../../functions/processing/fundamentals/dataTypes";
import { type AlarmKind, alarmKinds } from "../../../infra/alarmKinds";
import type { Fault } from "../../../local/cloud/faults";
import { compilePolicy } from "../../../local/iam/policy";
import { universe } from "../../../local/market/universe";
import { scan } from "./book";
import { minute, prefix, type Shared, sharedCloud } from "./sharedCloud";

/** More than a rate is judged by. */
const many = Array.from({ length: 60 }, (_, at) => at);
const allowNothing = { Effect: "Allow", Action: "logs:PutLogEvents", Resource: "arn:aws:logs:us-east-1:1:log-group:x" };

describe("alarms of every kind, driven by their cause and over without it", function () {
  this.timeout(120_000);
  let shared: Shared;
  const raised = new Set<string>();
  const over = new Set<string>();

  const states = () =>
    new Map(shared.up.services.cloudWatch.alarms().map(({ name, state }) => [name.replace(prefix, ""), state]));
  const expectAll = (state: "ALARM" | "OK", alarms: Partial<Record<AlarmKind, string>>) => {
    const now = states();
    const found = Object.fromEntries(Object.values(alarms).map((name) => [name, now.get(name)]));
    expect(found).to.deep.equal(Object.fromEntries(Object.keys(found).map((name) => [name, state])));
    for (const kind of Object.keys(alarms)) (state === "ALARM" ? raised : over).add(kind);
  };
  const pass = (minutes: number) => shared.up.turn(minutes * minute);
  /** The alarms go off within the period of what caused them; CloudWatch looks back a little further where data is missing. */
  const expectRaised = async (alarms: Partial<Record<AlarmKind, string>>) => {
    await pass(2);
    expectAll("ALARM", alarms);
  };
  const expectOver = async (alarms: Partial<Record<AlarmKind, string>>) => {
    await pass(20);
    expectAll("OK", alarms);
  };
  const during = async (faults: readonly Fault[], work: () => Promise<void>) => {
    const injected = faults.map((fault) => shared.up.cloud.faults.inject(fault));
    await work();
    for (const [at, one] of injected.entries()) {
      expect(one.hits(), JSON.stringify(faults[at])).to.be.greaterThan(0);
      one.remove();
    }
  };
  const setPolicy = (label: string, statement: object) =>
    shared.up.cloud.putRolePolicy(
      `arn:aws:iam::123456789012:role/${prefix}${label}`,
      "taken",
      compilePolicy({ Version: "2012-10-17", Statement: [statement] }, { name: "taken", kind: "identity" }),
    );
  /** Refusals are not tried again in the same breath, as other errors are: it goes faster. */
  const without = async (rights: Record<string, string>, work: () => Promise<void>) => {
    for (const [label, Action] of Object.entries(rights)) setPolicy(label, { Effect: "Deny", Action, Resource: "*" });
    await work();
    for (const label of Object.keys(rights)) setPolicy(label, allowNothing);
  };
  const setRules = (enabled: boolean, ...labels: string[]) =>
    Promise.all(
      labels.map((label) =>
        shared.clients.eventBridge.send(
          new (enabled ? EnableRuleCommand : DisableRuleCommand)({
            Name: `${prefix}${label}`,
            EventBusName: shared.outputs.bus.name,
          }),
        ),
      ),
    );
  const fire = async (...labels: string[]) => {
    for (const label of labels) shared.fire(label);
    await shared.up.idle();
  };
  const tell = async (type: string, details: readonly Record<string, unknown>[]) => {
    for (let at = 0; at < details.length; at += 10) {
      await shared.tell(...details.slice(at, at + 10).map((detail) => ({ type, detail })));
    }
  };
  const want = (symbols: readonly string[]) =>
    tell(
      "pollenationNeeded",
      symbols.map((assetId) => ({ assetId, dataTypes: ["earnings"], priority: "high" })),
    );
  const forget = async () => {
    for (const { letter_id } of await scan(shared, "dead-letters")) {
      await shared.clients.dynamodb.send(new DeleteCommand({ TableName: `${prefix}dead-letters`, Key: { letter_id } }));
    }
  };

  before(async () => {
    shared = await sharedCloud();
  });
  beforeEach(async () => {
    await shared.newDay();
    await shared.turnTo(4.1, { only: ["asset-sync"] });
  });
  afterEach(async () => {
    // Also after one that failed: what it took away is not missed by those that follow.
    for (const consumer of ["dlq-processor", "ingestion"]) await shared.consume(consumer, true);
  });
  after(async () => {
    await shared.newDay();
  });

  it("events that mean nothing, and letters that nobody drains, then nobody decides on", async () => {
    await shared.consume("dlq-processor", false);
    const mark = "mark-earnings-processed";
    await tell(
      "earningsProcessed",
      many.map((at) => ({ eventId: `bad-${at}`, odd: at })),
    );
    await shared.up.idle();
    await pass(5);
    await tell(
      "earningsProcessed",
      many.map((at) => ({ eventId: `worse-${at}`, odd: at })),
    );
    await shared.up.idle();
    const ofEvents = {
      failures: `${mark}-failures`,
      "error-category": `${mark}-error-category`,
      "dead-letter-rate": `${mark}-dead-letter-rate`,
      validation: `${mark}-validation`,
    };
    await expectRaised({ ...ofEvents, "dead-letters": `${mark}-dead-letters` });
    await shared.consume("dlq-processor", true);
    await shared.up.idle();
    await fire("dead-letter-watch");
    await expectRaised({ "letters-waiting": "dead-letters-waiting" });
    await forget();
    await pass(5);
    await fire("dead-letter-watch");
    await expectOver({
      ...ofEvents,
      "dead-letters": `${mark}-dead-letters`,
      "letters-waiting": "dead-letters-waiting",
    });
  });

  it("a batch of a stream that was given up", async () => {
    const object = { Bucket: `${prefix}dead-letters-123456789012`, Key: "aws/lambda/mapping/shard/batch" };
    await shared.clients.s3.send(new PutObjectCommand({ ...object, Body: "{}" }));
    await fire("dead-letter-watch");
    await expectRaised({ "put-aside": "stream-put-aside" });
    await shared.clients.s3.send(new DeleteObjectCommand(object));
    await pass(5);
    await fire("dead-letter-watch");
    await expectOver({ "put-aside": "stream-put-aside" });
  });

  it("a queue that the bus may not reach, and work that nobody does", async () => {
    await shared.consume("ingestion", false);
    await want(["AAPL"]);
    await shared.up.idle();
    await shared.consume("dlq-processor", false);
    const { url: QueueUrl, arn } = shared.outputs.queues["pollination"] ?? { url: "", arn: "" };
    const policyNow = { QueueUrl, AttributeNames: ["Policy" as const] };
    const { Attributes: before } = await shared.clients.sqs.send(new GetQueueAttributesCommand(policyNow));
    const set = (Policy: string) =>
      shared.clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const denied = {
      Effect: "Deny",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
    };
    await set(JSON.stringify({ Version: "2012-10-17", Statement: [denied] }));
    await fire("queue-watch");
    // A job is late after more than five: on a fast machine nothing but the turn makes it so.
    await pass(6);
    await want(universe.slice(1).map(({ symbol }) => symbol));
    await shared.up.idle();
    await fire("queue-watch");
    const ofDelivery = { rule: "pollination-rule", undelivered: "pollination-undelivered" };
    const ofWork = { delay: "ingestion-delay", "jobs-delay": "jobs-delay" };
    await expectRaised({ ...ofDelivery, ...ofWork });
    await set(before?.["Policy"] ?? "");
    await shared.consume("dlq-processor", true);
    await shared.up.idle();
    await expectRaised({ "letters-undelivered": "dead-letters-undelivered" });
    await forget();
    await shared.consume("ingestion", true);
    await shared.up.settle();
    await pass(5);
    await fire("queue-watch");
    await expectOver({ ...ofDelivery, ...ofWork, "letters-undelivered": "dead-letters-undelivered" });
  });

  it("a table that throttles, and one that fails", async () => {
    const symbols = universe.slice(0, 52).map(({ symbol }) => symbol);
    await during([{ kind: "throttle", service: "dynamodb", caller: "mark-earnings-processed", probability: 0.7 }], () =>
      tell(
        "earningsProcessed",
        many.map((at) => ({ eventId: `e-${at}`, assetId: "AAPL", earningsDate: "2026-01-02" })),
      ).then(() => shared.up.idle()),
    );
    await without({ pollination: "dynamodb:PutItem", "dlq-processor": "dynamodb:*" }, async () => {
      await want(symbols);
      await tell("earningsProcessed", [{ eventId: "lonely" }]);
      await shared.up.idle();
      await expectRaised({
        retries: "mark-earnings-processed-retries",
        "state-errors": "pollination-state",
        "letters-failures": "dlq-processor-failures",
      });
    });
    await shared.up.settle();
    await expectOver({
      retries: "mark-earnings-processed-retries",
      "state-errors": "pollination-state",
      "letters-failures": "dlq-processor-failures",
    });
  });

  it("a bus that does not answer, and an outbox that nobody sweeps", async () => {
    await pass(12);
    expectAll("ALARM", { "outbox-silent": "outbox-sweeper-silent" });
    const ofOutbox = {
      "outbox-age": "outbox-sweeper-age",
      "bus-unreachable": "publisher-health-bus",
      "pending-age": "publisher-health-age",
      "pending-overdue": "publisher-health-overdue",
    } as const;
    await without(
      { pollination: "events:*", "outbox-sweeper": "events:*", "publisher-health": "events:*" },
      async () => {
        await tell(
          "pollenationNeeded",
          universe.slice(0, 22).map(({ symbol }) => ({ assetId: symbol, dataTypes: [...dataTypes], priority: "low" })),
        );
        await shared.up.idle();
        await pass(16);
        await fire("outbox-sweeper", "publisher-health");
        await expectRaised(ofOutbox);
      },
    );
    for (const _ of [1, 2]) {
      await fire("outbox-sweeper", "publisher-health");
      await pass(5);
    }
    await fire("outbox-sweeper");
    await expectOver({ ...ofOutbox, "outbox-silent": "outbox-sweeper-silent" });
  });

  it("a schedule's run that keeps failing", async () => {
    await shared.consume("dlq-processor", false);
    const ofRuns = {
      "run-failures": "earnings-sync-failures",
      "run-dead-letters": "earnings-sync-dead-letters",
    } as const;
    await without({ "earnings-sync": "dynamodb:*" }, async () => {
      await fire("earnings-sync");
      await shared.up.settle();
      await expectRaised(ofRuns);
    });
    await shared.consume("dlq-processor", true);
    await shared.up.idle();
    await expectRaised({ "letters-of-runs": "dead-letters-runs" });
    await expectOver({ ...ofRuns, "letters-of-runs": "dead-letters-runs" });
  });

  it("what is not allowed, an API that fails, and one that is slow", async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const reach = { endpoint: shared.up.url, region: "us-east-1", credentials };
    const issuer = await findIssuer(reach, "dev");
    const { AccessToken: token = "" } = await signInTester(reach, issuer, "ann");
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "Everyday", type: "checking", currency: "EUR" });
    const ask = async () => (await fetch(`${issuer.api}/accounts`, { headers })).status;
    const open = async () => (await fetch(`${issuer.api}/accounts`, { method: "POST", headers, body })).status;
    // Several slow calls make a slow answer.
    await during([{ kind: "latency", caller: "ledger-accounts", ms: 2_800 }], async () => {
      expect(await open()).to.equal(201);
      await pass(5);
      expect(await open()).to.equal(201);
    });
    setPolicy("ledger-accounts", { Effect: "Deny", Action: "dynamodb:*", Resource: "*" });
    for (const status of await Promise.all(many.map(ask))) expect(status).to.equal(500);
    const ofApi = {
      "api-latency": "ledger-latency",
      "api-errors": "ledger-errors",
      denied: "ledger-accounts-denied",
    } as const;
    await expectRaised(ofApi);
    setPolicy("ledger-accounts", allowNothing);
    expect(await ask()).to.equal(200);
    await expectOver(ofApi);
  });

  it("a search domain that fails, a cache that is gone", async () => {
    const ask = (query: object) =>
      shared.clients.lambda.send(
        new InvokeCommand({ FunctionName: `${prefix}search`, Payload: JSON.stringify(query) }),
      );
    await during([{ kind: "serverError", service: "es" }], async () => {
      const answers = await Promise.all(["one", "two", "three", "four"].map((text) => ask({ text })));
      for (const { FunctionError } of answers) expect(FunctionError).to.equal(undefined);
    });
    await expectRaised({ search: "search-search" });
    const cached = shared.up.services.elastiCache;
    await cached.stop();
    await want(["AAPL", "MSFT", "IBM", "KO"]);
    await shared.up.settle();
    await expectRaised({ cache: "ingestion-cache" });
    await ask({ text: "five" });
    await expectOver({ search: "search-search", cache: "ingestion-cache" });
  });

  it("a workflow that fails, companies that cannot be rated, and then a day without any rating", async () => {
    await setRules(true, "analysis");
    const [symbol = ""] = universe.map((company) => company.symbol);
    const rate = (eventId: string) =>
      tell("analysisNeeded", [
        { eventId, assetIds: [symbol], batchSize: 8, analysisType: "rule_based", priority: "high" },
      ]);
    await without({ "result-storage": "dynamodb:*" }, async () => {
      await rate("unstored");
      await shared.up.settle();
      await expectRaised({ "workflow-failures": "analysis-workflow-failures" });
    });
    await rate("no data");
    await shared.up.settle();
    await expectRaised({ "analyses-failed": "analyses-failed" });
    await expectOver({ "workflow-failures": "analysis-workflow-failures", "analyses-failed": "analyses-failed" });
    await pass(27 * 60);
    expectAll("ALARM", { "analyses-stale": "analyses-stale" });
    await setRules(true, "analysis-batches");
    await tell("pollenationNeeded", [
      {
        assetId: symbol,
        dataTypes: [...dataTypes],
        priority: "high",
      },
    ]);
    await shared.up.settle();
    await pass(2);
    expectAll("OK", { "analyses-stale": "analyses-stale" });
    await setRules(false, "analysis");
  });

  it("an invocation that takes too long or too much, a stream and a comparison in trouble, by their metrics put", async () => {
    const { cloudWatch } = shared.up.services;
    const timestamp = shared.up.cloud.clock.now();
    const reported = {
      duration: "audit-duration",
      memory: "audit-memory",
      duplicates: "experiment-stream-duplicates",
      "iterator-age": "experiment-stream-iterator-age",
      "stream-lost": "experiment-stream-lost",
      "stream-stage": "experiment-stream-archive",
      "shadow-different": "shadow-comparison-different",
      "shadow-missing": "shadow-comparison-missing",
    };
    // An invocation takes real seconds and real memory, however the clock is turned: most of half a minute, most of a function.
    const name = `${prefix}audit`;
    const FunctionName = name;
    const slow = {
      namespace: "AWS/Lambda",
      name: "Duration",
      dimensions: { FunctionName },
      timestamp,
      values: [25_500],
    };
    cloudWatch.putMetric({ ...slow, unit: "Milliseconds" });
    const record = { requestId: "r", metrics: { maxMemoryUsedMB: 250 } };
    const message = JSON.stringify({ time: new Date(timestamp).toISOString(), type: "platform.report", record });
    cloudWatch.appendLog(`/aws/lambda/${name}`, "reported", { timestamp, message });
    const [late] = ["signal9-dev-experiment-stream"];
    cloudWatch.putMetric({ ...slow, name: "IteratorAge", dimensions: { FunctionName: late }, values: [301_000] });
    const lost = { ...slow, name: "DestinationDeliveryFailures", dimensions: { FunctionName: late } };
    cloudWatch.putMetric({ ...lost, values: [1] });
    const putOwn = (entry: string, values: Record<string, number>) => {
      for (const [metric, value] of Object.entries(values)) {
        const dimensions = { service: `${prefix}platform`, function: entry };
        const { now } = shared.up.cloud.clock;
        const at = now.call(shared.up.cloud.clock);
        cloudWatch.putMetric({ namespace: "Signal9", name: metric, dimensions, timestamp: at, values: [value] });
      }
    };
    putOwn("shadowComparison", { ShadowDifferent: 1, ShadowMissing: 1 });
    putOwn("experimentStream", { Events: 100, StreamDuplicates: 20, StreamArchiveErrors: 1 });
    await pass(5);
    putOwn("experimentStream", { Events: 100, StreamDuplicates: 20, StreamArchiveErrors: 1 });
    cloudWatch.putMetric({ ...slow, timestamp: shared.up.cloud.clock.now() });
    await expectRaised(reported);
    await expectOver(reported);
  });

  it("were all of them raised, and all of them over again", () => {
    const kinds = Object.keys(alarmKinds).sort();
    expect([...raised].sort()).to.deep.equal(kinds);
    expect([...over].sort()).to.deep.equal(kinds);
  });
});
