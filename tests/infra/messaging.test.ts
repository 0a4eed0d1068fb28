import { expect } from "chai";
import { catalogue } from "../../functions/processing/events/catalogue";
import type { Resource } from "../../local/engine/program";
import { consumersOf, list, ofType, programOf, type Statement, stacks, statements } from "./program";

const queueType = "aws:sqs/queue:Queue";
const isDeadLetter = (name: string) => name.endsWith("-dlq") || name.endsWith("-undelivered");

/** By consumer: what it listens to, and how its queue hands out. */
const subscriptions: Record<
  string,
  { events: string[] | "everything" | "uploads"; source?: string; batchSize: number; windowSeconds?: number }
> = {
  pollination: { events: ["pollenationNeeded"], batchSize: 10 },
  ingestion: { events: ["dataIngestionNeeded"], batchSize: 5 },
  "analysis-batches": { events: ["pollinationComplete"], batchSize: 8, windowSeconds: 60 },
  analysis: { events: ["analysisNeeded"], batchSize: 10 },
  "search-indexing": { events: ["analysisComplete", "pollinationComplete"], batchSize: 10, windowSeconds: 5 },
  "mark-earnings-processed": { events: ["earningsProcessed"], batchSize: 10 },
  analytics: {
    source: "signal9.ledger",
    events: [
      "account.created",
      "account.deleted",
      "account.updated",
      "category.rules_applied",
      "file.processed",
      "transaction.updated",
      "transactions.created",
      "transactions.deleted",
    ],
    batchSize: 10,
  },
  categorization: {
    source: "signal9.ledger",
    events: ["category.rule_created", "file.processed", "transactions.created"],
    batchSize: 10,
  },
  "ledger-notification": {
    source: "signal9.ledger",
    events: ["account.deleted", "file.processed", "transactions.deleted"],
    batchSize: 10,
  },
  audit: { events: "everything", batchSize: 10 },
  "file-processor": { events: "uploads", batchSize: 1 },
};

const subscriptionOf = (name: string) =>
  subscriptions[name] ?? expect.fail(`say in subscriptions in tests/infra/messaging.test.ts what ${name} listens to`);

/** What S3 tells of the one bucket into which people put files. */
const uploaded = {
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: { bucket: { name: ["signal9-dev-uploads-123456789012"] } },
};

/** The consumers of market data. */
const market = ["pollination", "ingestion", "analysis-batches", "mark-earnings-processed"];

/** By rule: when it fires, and what its function is told besides the time. */
const schedules: Record<string, { expression: string; trigger: string; target: string }> = {
  "outbox-sweeper": { expression: "rate(5 minutes)", trigger: "sweep", target: "outbox-sweeper" },
  "asset-sync": { expression: "cron(0 4 * * ? *)", trigger: "daily", target: "asset-sync" },
  "earnings-sync": { expression: "cron(0 5 * * ? *)", trigger: "daily", target: "earnings-sync" },
  "pollination-planner-earnings": {
    expression: "cron(0 6 * * ? *)",
    trigger: "earnings",
    target: "pollination-planner",
  },
  "pollination-planner-regular": {
    expression: "cron(0 7 * * ? *)",
    trigger: "regular",
    target: "pollination-planner",
  },
  "news-sync": { expression: "cron(0 * * * ? *)", trigger: "hourly", target: "news-sync" },
  "search-repair-drain": { expression: "rate(15 minutes)", trigger: "drain", target: "search-repair" },
  "search-repair-compare": { expression: "cron(30 4 * * ? *)", trigger: "compare", target: "search-repair" },
  "ledger-upkeep": { expression: "rate(5 minutes)", trigger: "sweep", target: "ledger-upkeep" },
  "dead-letter-watch": { expression: "rate(5 minutes)", trigger: "count", target: "dead-letter-watch" },
  "shadow-comparison": { expression: "rate(5 minutes)", trigger: "compare", target: "shadow-comparison" },
  "experiment-days": { expression: "cron(15 0 * * ? *)", trigger: "fold", target: "experiment-days" },
  "publisher-health": { expression: "rate(5 minutes)", trigger: "check", target: "publisher-health" },
  "queue-watch": { expression: "rate(5 minutes)", trigger: "look", target: "queue-watch" },
};

/** The rules that bring market data in. */
const hours = [
  "asset-sync",
  "earnings-sync",
  "pollination-planner-earnings",
  "pollination-planner-regular",
  "news-sync",
];

const denyWithoutTls = (action: string, resource: string): Statement => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

const admitPublishers = (action: string | string[], resource: string): Statement => ({
  Sid: "Publishers",
  Effect: "Allow",
  Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
  Action: action,
  Resource: resource,
  Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
});

describe("queues", () => {
  for (const stack of stacks) {
    it(`are encrypted, kept for 14 days and closed to plain HTTP in ${stack}`, async () => {
      const run = await programOf({ stack });
      const policies = new Map(
        ofType(run, "aws:sqs/queuePolicy:QueuePolicy").map(({ inputs }) => [
          inputs["queueUrl"],
          statements(inputs["policy"]),
        ]),
      );
      const queues = ofType(run, queueType);
      for (const { name, inputs } of queues) expect(inputs["maxMessageSize"], name).to.equal(1_048_576);
      expect(queues).to.have.length.greaterThan(3);
      for (const { inputs, name } of queues) {
        expect(inputs["sqsManagedSseEnabled"], name).to.equal(true);
        expect(inputs["messageRetentionSeconds"], name).to.equal(14 * 86_400);
        const url = `https://sqs.us-east-1.amazonaws.com/123456789012/${inputs["name"]}`;
        const deny = policies.get(url)?.filter(({ Effect }) => Effect === "Deny");
        expect(deny, name).to.deep.equal([
          denyWithoutTls("sqs:*", `arn:aws:sqs:us-east-1:123456789012:${inputs["name"]}`),
        ]);
      }
    });
  }

  it("hand over to their own dead letter queue after 3 receives, and take redrives from no other", async () => {
    const run = await programOf({ stack: "dev" });
    const working = ofType(run, queueType).filter(({ name }) => !isDeadLetter(name));
    expect(working.map(({ name }) => name)).to.include.members(market);
    for (const { inputs } of working) {
      const arn = `arn:aws:sqs:us-east-1:123456789012:${inputs["name"]}`;
      expect(JSON.parse(String(inputs["redrivePolicy"]))).to.deep.equal({
        deadLetterTargetArn: `${arn}-dlq`,
        maxReceiveCount: 3,
      });
      const allow = ofType(run, "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy").find(({ inputs: allowed }) =>
        String(allowed["queueUrl"]).endsWith(`/${inputs["name"]}-dlq`),
      );
      expect(JSON.parse(String(allow?.inputs["redriveAllowPolicy"]))).to.deep.equal({
        redrivePermission: "byQueue",
        sourceQueueArns: [arn],
      });
    }
  });

  it("may feed their own functions again and again where those are made to", async () => {
    const run = await programOf({ stack: "dev" });
    const allowed = ofType(run, "aws:lambda/functionRecursionConfig:FunctionRecursionConfig");
    expect(allowed.map(({ inputs }) => [inputs["functionName"], inputs["recursiveLoop"]])).to.have.deep.members([
      ["signal9-dev-direct-triggers", "Allow"],
      ["signal9-dev-file-processor", "Allow"],
      ["signal9-dev-ingestion", "Allow"],
    ]);
  });

  it("hide a message for six times the time its function has", async () => {
    const run = await programOf({ stack: "dev" });
    const ofQueues = ofType(run, "aws:lambda/eventSourceMapping:EventSourceMapping").filter(({ inputs }) =>
      String(inputs["eventSourceArn"]).startsWith("arn:aws:sqs:"),
    );
    expect(ofQueues).to.have.length.greaterThan(10);
    for (const mapping of ofQueues) {
      const queue = ofType(run, queueType).find(({ inputs }) =>
        String(mapping.inputs["eventSourceArn"]).endsWith(`:${inputs["name"]}`),
      );
      const fn = ofType(run, "aws:lambda/function:Function").find(({ inputs }) =>
        String(mapping.inputs["functionName"]).endsWith(`:${inputs["name"]}`),
      );
      expect(queue?.inputs["visibilityTimeoutSeconds"]).to.equal(6 * Number(fn?.inputs["timeout"]));
      expect(mapping.inputs["functionResponseTypes"]).to.deep.equal(["ReportBatchItemFailures"]);
      expect((mapping.inputs["scalingConfig"] as { maximumConcurrency: number }).maximumConcurrency).to.be.at.least(2);
    }
  });

  it("hand out in batches; companies wait for others to fill theirs, but not for ever", async () => {
    const run = await programOf({ stack: "dev" });
    const mappings = ofType(run, "aws:lambda/eventSourceMapping:EventSourceMapping").filter(({ name }) =>
      consumersOf(run).includes(name),
    );
    expect(mappings.map(({ name }) => name)).to.include.members(market);
    for (const { name, inputs } of mappings) {
      const { batchSize, windowSeconds } = subscriptionOf(name);
      expect([inputs["batchSize"], inputs["maximumBatchingWindowInSeconds"]], name).to.deep.equal([
        batchSize,
        windowSeconds,
      ]);
    }
  });

  it("admit the rule that feeds them and nothing else", async () => {
    for (const { inputs } of ofType(await programOf({ stack: "dev" }), "aws:sqs/queuePolicy:QueuePolicy")) {
      for (const { Effect, Principal, Condition, Action } of statements(inputs["policy"])) {
        if (Effect === "Deny") continue;
        expect(Principal).to.deep.equal({ Service: "events.amazonaws.com" });
        expect(list(Action)).to.deep.equal(["sqs:SendMessage"]);
        expect(Condition).to.have.all.keys("ArnEquals");
        expect(Condition?.["ArnEquals"]).to.have.all.keys("aws:SourceArn");
        expect(String(Condition?.["ArnEquals"]?.["aws:SourceArn"])).to.match(/:rule\/signal9-dev-/);
      }
    }
  });
});

describe("rules", () => {
  it("on schedules and uploads are on the default bus, the others on ours", async () => {
    const rules = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/eventRule:EventRule");
    for (const { inputs, name } of rules) {
      const byAws = inputs["scheduleExpression"] || subscriptions[name]?.events === "uploads";
      expect(inputs["eventBusName"], name).to.equal(byAws ? undefined : "signal9-dev-events");
    }
  });

  it("on schedules fire at their hour, UTC, and tell which of them it was and for when", async () => {
    const run = await programOf({ stack: "dev" });
    const rules = ofType(run, "aws:cloudwatch/eventRule:EventRule").filter(
      ({ inputs }) => inputs["scheduleExpression"],
    );
    const fired = rules.map(({ name, inputs }) => {
      const targets = ofType(run, "aws:cloudwatch/eventTarget:EventTarget").filter(
        (target) => target.inputs["rule"] === inputs["name"],
      );
      expect(targets, name).to.have.length(1);
      const [{ inputs: target }] = targets as [Resource];
      const { inputPaths, inputTemplate } = target["inputTransformer"] as {
        inputPaths: Record<string, string>;
        inputTemplate: string;
      };
      expect(inputPaths, name).to.deep.equal({ time: "$.time" });
      const told = JSON.parse(inputTemplate.replace("<time>", '"at its time"')) as { trigger: string; time: string };
      expect(told, name).to.have.all.keys("trigger", "time").and.include({ time: "at its time" });
      const started = String(target["arn"]).split(":function:signal9-dev-").at(-1);
      return [name, { expression: inputs["scheduleExpression"], trigger: told.trigger, target: started }];
    });
    const known = Object.entries(schedules).filter(([name]) => rules.some((rule) => rule.name === name));
    expect(Object.fromEntries(fired)).to.deep.equal(Object.fromEntries(known));
    expect(known.map(([name]) => name)).to.include.members(hours);
  });

  it("select by source and detail-type only, so that nothing malformed is dropped in silence", async () => {
    const rules = ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/eventRule:EventRule");
    const patterns = rules.flatMap(({ name, inputs }) =>
      inputs["eventPattern"] ? [[name, JSON.parse(String(inputs["eventPattern"]))] as const] : [],
    );
    expect(patterns.map(([name]) => name)).to.include.members(market);
    for (const [name, pattern] of patterns) {
      const { events, source = "signal9.advisor" } = subscriptionOf(name);
      expect(pattern, name).to.deep.equal(
        events === "everything"
          ? { source: [{ prefix: "" }] }
          : events === "uploads"
            ? uploaded
            : { source: [source], "detail-type": events },
      );
    }
  });

  it("keep what they cannot deliver", async () => {
    for (const { inputs, name } of ofType(
      await programOf({ stack: "dev" }),
      "aws:cloudwatch/eventTarget:EventTarget",
    )) {
      expect((inputs["deadLetterConfig"] as { arn: string }).arn, name).to.match(/-(dlq|undelivered)$/);
      expect((inputs["retryPolicy"] as { maximumRetryAttempts: number }).maximumRetryAttempts, name).to.be.greaterThan(
        0,
      );
    }
  });
});

describe("topics", () => {
  it("are encrypted with a key that CloudWatch and EventBridge of this account may use", async () => {
    const run = await programOf({ stack: "dev" });
    const [key] = ofType(run, "aws:kms/key:Key");
    expect(key?.inputs["enableKeyRotation"]).to.equal(true);
    expect(statements(key?.inputs["policy"])).to.deep.equal([
      {
        Sid: "Administration",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: "kms:*",
        Resource: "*",
      },
      admitPublishers(["kms:Decrypt", "kms:GenerateDataKey*"], "*"),
    ]);
    for (const { inputs } of ofType(run, "aws:sns/topic:Topic"))
      expect(inputs["kmsMasterKeyId"]).to.match(/:key\/topics$/);
  });

  it("take messages from CloudWatch and EventBridge of this account alone, and none without TLS", async () => {
    for (const stack of stacks) {
      const run = await programOf({ stack });
      const topics = ofType(run, "aws:sns/topic:Topic").map(({ inputs }) => inputs["name"]);
      const policies = ofType(run, "aws:sns/topicPolicy:TopicPolicy").map(({ inputs }) => [
        inputs["arn"],
        statements(inputs["policy"]),
      ]);
      expect(topics).to.have.length.greaterThan(4);
      expect(policies).to.have.deep.members(
        topics.map((name) => {
          const arn = `arn:aws:sns:us-east-1:123456789012:${name}`;
          return [arn, [denyWithoutTls("sns:Publish", arn), admitPublishers("sns:Publish", arn)]];
        }),
      );
    }
  });

  it("mail what operators must know where an address is set, and nobody's books or ratings", async () => {
    const without = ofType(await programOf({ stack: "dev" }), "aws:sns/topicSubscription:TopicSubscription");
    const mailed = await programOf({ stack: "dev", settings: { "signal9:alarmEmail": "oncall@example.com" } });
    expect(without).to.deep.equal([]);
    const subscribed = ofType(mailed, "aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => [
      String(inputs["topic"]).split(":").at(-1),
      inputs["endpoint"],
    ]);
    expect(subscribed).to.have.deep.members([
      ["signal9-dev-alarms", "oncall@example.com"],
      ["signal9-dev-dlq-notifications", "oncall@example.com"],
      ["signal9-dev-validation-error", "oncall@example.com"],
    ]);
  });
});

describe("the bus", () => {
  it("archives every event for as long as the stack says", async () => {
    const days = async (stack: string) =>
      ofType(await programOf({ stack }), "aws:cloudwatch/eventArchive:EventArchive")[0]?.inputs["retentionDays"];
    expect(await days("dev")).to.equal(30);
    expect(await days("prod")).to.equal(0);
  });

  it("is closed to other accounts until partners are named", async () => {
    expect(ofType(await programOf({ stack: "dev" }), "aws:cloudwatch/eventBusPolicy:EventBusPolicy")).to.deep.equal([]);
  });

  it("lets partners publish our sources and manage rules of their own", async () => {
    const run = await programOf({ stack: "dev", settings: { "signal9:partnerAccounts": '["111122223333"]' } });
    const [policy] = ofType(run, "aws:cloudwatch/eventBusPolicy:EventBusPolicy");
    const [publish, subscribe, manage] = statements(policy?.inputs["policy"]);
    expect(publish?.Principal).to.deep.equal({ AWS: ["arn:aws:iam::111122223333:root"] });
    expect(publish?.Condition).to.deep.equal({ StringEquals: { "events:source": ["signal9.advisor"] } });
    for (const statement of [subscribe, manage]) {
      expect(statement?.Resource).to.equal("arn:aws:events:us-east-1:123456789012:rule/signal9-dev-events/*");
      expect(Object.keys(statement?.Condition?.["StringEqualsIfExists"] ?? {})).to.deep.equal([
        "events:creatorAccount",
      ]);
    }
    // A rule that names no source would hear what people's books say.
    expect(subscribe?.Action).to.equal("events:PutRule");
    expect(subscribe?.Condition).to.deep.include({
      "ForAllValues:StringEquals": { "events:source": ["signal9.advisor"] },
      Null: { "events:source": "false" },
    });
    expect(manage?.Action).not.to.include("events:PutRule");
    expect(manage?.Action).to.include("events:PutTargets");
  });

  it("has a schema in the registry for every event of the catalogue", async () => {
    const schemas = ofType(await programOf({ stack: "dev" }), "aws:schemas/schema:Schema");
    for (const { name, inputs } of schemas)
      expect(String(inputs["content"]).match(/"\$schema":"[^"]*"/g), name).to.deep.equal([
        '"$schema":"http://json-schema.org/draft-04/schema#"',
      ]);
    expect(schemas.map(({ inputs }) => inputs["name"]).sort()).to.deep.equal(
      Object.values(catalogue)
        .map(({ source, type }) => `${source}@${type}`)
        .sort(),
    );
    const required = Object.fromEntries(
      schemas.map(({ name, inputs }) => {
        const content = JSON.parse(String(inputs["content"])) as { properties: { detail: { required: string[] } } };
        return [name, content.properties.detail.required];
      }),
    );
    expect(required).to.deep.include({
      pollenationNeeded: ["assetId", "dataTypes", "priority"],
      dataIngestionNeeded: ["assetId", "dataType"],
      pollinationComplete: ["assetId", "dataTypes", "priority"],
      earningsProcessed: ["assetId", "earningsDate"],
      analysisNeeded: ["assetIds", "batchSize", "analysisType", "priority"],
      analysisComplete: ["analysisId", "assetId", "status"],
    });
  });
});
