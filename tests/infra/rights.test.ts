import { expect } from "chai";
import type { ProgramRun } from "../../local/engine/program";
import {
  consumersOf,
  grantsOf,
  ofType,
  optionalSettings,
  programOf,
  schedulesOf,
  streamsOf,
  variablesOf,
} from "./program";

/** What a function may do to what others rely on. The rest of a policy is reading, and what every function has. */
interface Rights {
  /** Tables that it changes. */
  writes?: string[];
  /** Tables that it reads from end to end. */
  scans?: string[];
  /** By bucket, what it does with objects there. */
  objects?: Record<string, string[]>;
  publishes?: true;
  /** Topics that it tells. */
  tells?: string[];
  /** Secrets that it reads where all are set. */
  secrets?: string[];
}

/** Without listing, S3 would not say that an object is not there. */
const kept = ["GetObject", "ListBucket", "PutObject"];

const rights: Record<string, Rights> = {
  "outbox-sweeper": { writes: ["effects", "event-store"], scans: ["event-store/index/pending"], publishes: true },
  "asset-sync": {
    writes: ["api-budget", "assets", "effects", "processing-state"],
    scans: ["assets"],
    objects: { "raw-answers": kept },
    secrets: ["alpaca"],
  },
  "earnings-sync": {
    writes: ["api-budget", "earnings-calendar", "effects", "event-store", "processing-state"],
    scans: ["assets"],
    objects: { "raw-answers": kept },
    secrets: ["alpha-vantage"],
  },
  "news-sync": {
    writes: ["api-budget", "effects", "news", "processing-state", "queue-tracking"],
    objects: { "raw-answers": kept },
    secrets: ["alpha-vantage"],
  },
  "pollination-planner": {
    writes: ["effects", "event-store"],
    scans: ["assets", "processing-state"],
    publishes: true,
  },
  pollination: { writes: ["event-store", "processing-state", "queue-tracking"], publishes: true },
  ingestion: {
    writes: [
      "api-budget",
      "balance-sheet",
      "cash-flow",
      "company-overview",
      "earnings",
      "event-store",
      "income-statement",
      "processing-state",
      "queue-tracking",
    ],
    objects: { "raw-answers": kept },
    publishes: true,
    secrets: ["alpha-vantage", "cache"],
  },
  "analysis-batches": { writes: ["effects", "event-store"], publishes: true },
  "mark-earnings-processed": { writes: ["earnings-calendar", "event-store"] },
  analysis: {},
  "data-validation": {},
  "rule-based-analysis": { objects: { "analysis-results": kept }, secrets: ["cache"] },
  "result-storage": {
    writes: ["asset-analysis", "event-store", "queue-tracking"],
    objects: { "analysis-results": kept },
    publishes: true,
  },
  notification: { writes: ["effects"], tells: ["analysis-notification"] },
  "create-indices": {},
  search: { scans: ["assets"] },
  "search-indexing": { writes: ["queue-tracking"] },
  "search-repair": { writes: ["queue-tracking"], scans: ["assets", "news"] },
  analytics: { writes: ["analytics-status"] },
  categorization: { writes: ["event-store", "transactions"], publishes: true },
  "ledger-notification": { writes: ["notifications"], tells: ["ledger-notification"] },
  "publisher-health": { scans: ["event-store/index/pending"] },
  "direct-triggers": {
    writes: ["analytics-status", "effects", "event-store", "notifications", "transactions"],
    publishes: true,
    tells: ["ledger-notification"],
  },
  "shadow-comparison": { writes: ["event-store"], scans: ["event-store/index/shadow"], publishes: true },
  audit: { writes: ["event-store"], objects: { "event-details": ["PutObject"] } },
  "ledger-accounts": { writes: ["accounts", "effects", "event-store", "notifications"], publishes: true },
  // They check accounts and files in the transaction of a change, but write neither.
  "ledger-transactions": { writes: ["accounts", "effects", "event-store", "transactions"], publishes: true },
  "ledger-rules": { writes: ["category-rules", "effects", "event-store", "transactions"], publishes: true },
  "ledger-files": {
    writes: ["accounts", "effects", "event-store", "files", "transactions"],
    objects: { uploads: ["PutObject"] },
    publishes: true,
  },
  "ledger-upkeep": {
    writes: ["accounts", "event-store", "files", "transactions"],
    objects: { uploads: ["DeleteObject"] },
    publishes: true,
  },
  "file-processor": {
    writes: ["accounts", "effects", "event-store", "files", "transactions"],
    objects: { uploads: ["GetObject", "GetObjectVersion"] },
    publishes: true,
  },
  "dlq-processor": {
    writes: ["dead-letters", "effects"],
    objects: { "dead-letters": ["PutObject"] },
    tells: ["dlq-notifications"],
  },
  "experiment-stream": {
    writes: ["event-aggregations"],
    objects: { "dead-letters": kept, "event-archive": ["PutObject"] },
  },
  "put-experiments": { writes: ["assignments", "experiments"] },
  // Brings days up to date with their hours.
  "experiment-results": { writes: ["event-aggregations"] },
  "experiment-days": { writes: ["event-aggregations"] },
  "dead-letter-watch": { objects: { "dead-letters": ["ListBucket"] } },
  "queue-watch": {},
};

/** Their work may have to wait: for a day's budget, for a turn, for the time that an invocation has. */
const ringing = ["ingestion", "file-processor"];

const functionType = "aws:lambda/function:Function";
const account = "123456789012";

const functionsOf = (run: ProgramRun): string[] => ofType(run, functionType).map(({ name }) => name);

const rightsOf = (name: string): Rights =>
  rights[name] ?? expect.fail(`say in rights in tests/infra/rights.test.ts what ${name} may do`);

/** The names, without stack and account, of what a function may do any of these actions on. */
const on = (run: ProgramRun, name: string, actions: RegExp): string[] => [
  ...new Set(
    grantsOf(run)
      .filter(({ holder, action }) => holder === name && actions.test(action))
      .map(({ resource }) => resource.replace(/^(table\/|secret:)?signal9-dev-/, "").replace(/-AbCdEf$/, ""))
      .sort(),
  ),
];

describe("what each function may do", () => {
  it("is to change the tables that hold its data, and no other", async () => {
    const run = await programOf({ stack: "dev" });
    const writing = /^dynamodb:(?!GetItem$|BatchGetItem$|Query$|Scan$)/;
    for (const name of functionsOf(run))
      expect(on(run, name, writing), name).to.deep.equal(rightsOf(name).writes ?? []);
  });

  it("is to read all of a table or an index only where it looks at the whole market, or at all that waits", async () => {
    const run = await programOf({ stack: "dev" });
    for (const name of functionsOf(run))
      expect(on(run, name, /^dynamodb:Scan$/), name).to.deep.equal(rightsOf(name).scans ?? []);
  });

  it("is to do with objects in its bucket what it must, and to delete none but what their owner deleted", async () => {
    const run = await programOf({ stack: "dev" });
    for (const name of functionsOf(run)) {
      const granted = grantsOf(run).filter(({ holder, action }) => holder === name && action.startsWith("s3:"));
      const expected = Object.entries(rightsOf(name).objects ?? {}).flatMap(([label, actions]) =>
        actions.map((action) => {
          const bucket = `signal9-dev-${label}-${account}`;
          return { holder: name, action: `s3:${action}`, resource: action === "ListBucket" ? bucket : `${bucket}/*` };
        }),
      );
      expect(granted, name).to.have.deep.members(expected);
    }
  });

  it("is to publish only where it has something to tell", async () => {
    const run = await programOf({ stack: "dev" });
    for (const name of functionsOf(run))
      expect(on(run, name, /^events:(?!DescribeEventBus$)/), name).to.deep.equal(
        rightsOf(name).publishes ? ["event-bus/signal9-dev-events"] : [],
      );
  });

  it("is to tell its topic, and to use the topics' key for nothing but that", async () => {
    const run = await programOf({ stack: "dev" });
    const key = ofType(run, "aws:kms/key:Key").map(({ name }) => `key/${name}`);
    for (const name of functionsOf(run)) {
      const { tells = [] } = rightsOf(name);
      const granted = grantsOf(run).filter(({ holder, action }) => holder === name && /^(sns|kms):/.test(action));
      expect(
        granted.map(({ action, resource }) => [action, resource]),
        name,
      ).to.have.deep.members(
        tells.flatMap((topic) => [
          ["sns:Publish", `signal9-dev-${topic}`],
          ...key.flatMap((one) => [
            ["kms:Decrypt", one],
            ["kms:GenerateDataKey", one],
          ]),
        ]),
      );
    }
  });

  it("is to send to its own dead letters, and for those that wait to ring their own bell", async () => {
    const run = await programOf({ stack: "dev" });
    const [consumers, schedules] = [[...consumersOf(run), ...streamsOf(run), "direct-triggers"], schedulesOf(run)];
    const graves = ofType(run, "aws:sqs/queue:Queue").flatMap(({ name }) =>
      /-(dlq|undelivered)$/.test(name) ? [name] : [],
    );
    for (const name of functionsOf(run)) {
      const letters = [...consumers, ...schedules].includes(name) ? [`${name}-dlq`] : [];
      const own = ringing.includes(name) ? [name] : [];
      expect(on(run, name, /^sqs:SendMessage$/), name).to.deep.equal([...own, ...letters]);
      const taken = name === "dlq-processor" ? graves : consumers.includes(name) ? [name] : [];
      expect(on(run, name, /^sqs:(?!SendMessage$)/), name).to.have.members(taken);
    }
    const rung = ofType(run, functionType).filter((one) => "OWN_QUEUE_URL" in variablesOf(one));
    expect(rung.map((one) => [one.name, variablesOf(one)["OWN_QUEUE_URL"]])).to.have.deep.members(
      ringing.map((name) => [name, `https://sqs.us-east-1.amazonaws.com/${account}/signal9-dev-${name}`]),
    );
  });

  it("is to read the secrets of what it calls, once they are set", async () => {
    const run = await programOf({ stack: "dev", settings: optionalSettings });
    for (const one of ofType(run, functionType)) {
      const { secrets = [] } = rightsOf(one.name);
      expect(on(run, one.name, /^secretsmanager:GetSecretValue$/), one.name).to.deep.equal(secrets);
      expect(on(run, one.name, /^secretsmanager:(?!GetSecretValue$)/), one.name).to.deep.equal([]);
      const told = Object.entries(variablesOf(one)).filter(([variable]) => variable.endsWith("_SECRET_ARN"));
      expect(told.map(([, arn]) => arn.replace(/^.*:signal9-dev-|-AbCdEf$/g, "")).sort(), one.name).to.deep.equal(
        secrets,
      );
    }
  });

  it("is to read no provider's key while none is set", async () => {
    const run = await programOf({ stack: "dev" });
    for (const one of ofType(run, functionType)) {
      const own = (rightsOf(one.name).secrets ?? []).filter((secret) => secret === "cache");
      expect(on(run, one.name, /^secretsmanager:/), one.name).to.deep.equal(own);
      expect(variablesOf(one), one.name).not.to.have.any.keys("ALPACA_SECRET_ARN", "ALPHA_VANTAGE_SECRET_ARN");
    }
  });

  it("is, for the planner, to know what is left of the budget, and to spend none of it", async () => {
    const run = await programOf({ stack: "dev", settings: optionalSettings });
    const planner = "pollination-planner";
    const budget = grantsOf(run).filter(
      ({ holder, resource }) => holder === planner && resource.includes("api-budget"),
    );
    expect(budget.map(({ action }) => action)).to.deep.equal(["dynamodb:GetItem"]);
    expect(on(run, planner, /^secretsmanager:/)).to.deep.equal([]);
  });
});
