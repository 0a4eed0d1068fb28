import { expect } from "chai";
import type { ProgramRun } from "../../local/engine/program";
import { ofType, optionalSettings, programOf, stacks, statements } from "./program";

const keys: Record<string, { hash: string; range?: string; ttl?: string; indexes?: Record<string, [string, string]> }> =
  {
    assets: { hash: "asset_id" },
    "company-overview": { hash: "asset_id", range: "report_key" },
    earnings: { hash: "asset_id", range: "report_key" },
    "income-statement": { hash: "asset_id", range: "report_key" },
    "balance-sheet": { hash: "asset_id", range: "report_key" },
    "cash-flow": { hash: "asset_id", range: "report_key" },
    news: { hash: "asset_id", range: "news_key", ttl: "expires_at" },
    "asset-analysis": {
      hash: "asset_id",
      range: "analysis_key",
      indexes: { "by-analysis": ["analysis_id", "analysis_key"], "by-sector": ["sector", "asset_id"] },
    },
    "earnings-calendar": {
      hash: "asset_id",
      range: "earnings_date",
      indexes: { "by-date": ["earnings_date", "asset_id"] },
    },
    "processing-state": { hash: "asset_id", ttl: "expires_at" },
    "queue-tracking": { hash: "job_id", ttl: "expires_at", indexes: { "by-queue": ["queue", "position"] } },
    "api-budget": { hash: "budget_id" },
    accounts: { hash: "owner", range: "account_key", indexes: { unfinished: ["unfinished", "account_key"] } },
    "category-rules": { hash: "owner", range: "rule_key" },
    files: {
      hash: "owner",
      range: "file_key",
      indexes: { "by-account": ["owner_account", "file_key"], unfinished: ["unfinished", "file_key"] },
    },
    transactions: {
      hash: "owner",
      range: "transaction_key",
      indexes: {
        "by-date": ["owner", "dated"],
        "by-account": ["owner_account", "dated"],
        "by-category": ["owner_category", "dated"],
        "by-file": ["owner_file", "dated"],
      },
    },
    "analytics-status": { hash: "owner", range: "analytics_key", ttl: "expires_at" },
    notifications: { hash: "owner", range: "notification_key", ttl: "expires_at" },
    experiments: { hash: "experiment_id" },
    assignments: { hash: "user_id", range: "experiment_id" },
    "event-aggregations": { hash: "partition_key", range: "sort_key", ttl: "expires_at" },
    effects: { hash: "effect_id", ttl: "expires_at" },
    "dead-letters": {
      hash: "letter_id",
      ttl: "expires_at",
      indexes: { "by-origin": ["origin", "failed_at"], "by-status": ["status", "failed_at"] },
    },
    "event-store": {
      hash: "event_id",
      ttl: "expires_at",
      indexes: {
        pending: ["outbox", "occurred_at"],
        "by-entity": ["entity", "occurred_at"],
        "by-correlation": ["correlation_id", "occurred_at"],
        "by-day": ["day_shard", "occurred_at"],
        "by-user": ["user_id", "occurred_at"],
        shadow: ["shadow", "occurred_at"],
        "by-causation": ["begun_by", "occurred_at"],
      },
    },
  };

/** By index, its keys: those that are a part of the table's own partitions among them. */
const indexesOf = (inputs: Record<string, unknown>): Record<string, string[]> => {
  const global = (inputs["globalSecondaryIndexes"] ?? []) as {
    name: string;
    keySchemas: { attributeName: string; keyType: string }[];
  }[];
  const local = (inputs["localSecondaryIndexes"] ?? []) as { name: string; rangeKey: string }[];
  return Object.fromEntries([
    ...global.map(({ name, keySchemas }) => [name, keySchemas.map(({ attributeName }) => attributeName)]),
    ...local.map(({ name, rangeKey }) => [name, [inputs["hashKey"], rangeKey]]),
  ]);
};

describe("tables", () => {
  it("have the keys that their readers rely on", async () => {
    const tables = ofType(await programOf({ stack: "dev" }), "aws:dynamodb/table:Table");
    expect(tables.map(({ name }) => name).sort()).to.deep.equal(Object.keys(keys).sort());
    for (const { name, inputs } of tables) {
      const expected = keys[name];
      expect(inputs["hashKey"]).to.equal(expected?.hash);
      expect(inputs["rangeKey"]).to.equal(expected?.range);
      expect(inputs["ttl"]).to.deep.equal(expected?.ttl && { attributeName: expected.ttl, enabled: true });
      expect(indexesOf(inputs)).to.deep.equal(expected?.indexes ?? {});
    }
  });

  it("tell by day what is there, consistently", async () => {
    const tables = ofType(await programOf({ stack: "dev" }), "aws:dynamodb/table:Table");
    const local = tables.flatMap(({ name, inputs }) =>
      ((inputs["localSecondaryIndexes"] ?? []) as { name: string }[]).map((index) => `${name} ${index.name}`),
    );
    expect(local).to.deep.equal(["transactions by-date"]);
  });

  it("declare exactly the attributes that are keys", async () => {
    for (const { inputs } of ofType(await programOf({ stack: "dev" }), "aws:dynamodb/table:Table")) {
      const used = [inputs["hashKey"], inputs["rangeKey"], ...Object.values(indexesOf(inputs)).flat()].filter(Boolean);
      const declared = (inputs["attributes"] as { name: string }[]).map(({ name }) => name);
      expect(declared.sort()).to.deep.equal([...new Set(used)].sort());
    }
  });

  for (const stack of stacks) {
    it(`are on demand and encrypted in ${stack}, and guarded only in prod`, async () => {
      const guarded = stack === "prod";
      for (const { inputs, protect } of ofType(await programOf({ stack }), "aws:dynamodb/table:Table")) {
        expect(inputs["billingMode"]).to.equal("PAY_PER_REQUEST");
        expect(inputs["serverSideEncryption"]).to.deep.equal({ enabled: true });
        expect(inputs["pointInTimeRecovery"]).to.deep.equal({ enabled: guarded });
        expect(inputs["deletionProtectionEnabled"]).to.equal(guarded);
        expect(protect).to.equal(guarded);
      }
    });
  }
});

describe("buckets", () => {
  const bucketType = "aws:s3/bucket:Bucket";

  /** What is declared of a bucket by a resource of its own. */
  const partsOf = (run: ProgramRun, bucket: unknown) => {
    const part = (type: string): Record<string, unknown> | undefined =>
      ofType(run, `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`).find(
        ({ inputs }) => inputs["bucket"] === bucket,
      )?.inputs;
    return {
      shut: part("BucketPublicAccessBlock"),
      owned: part("BucketOwnershipControls"),
      encrypted: part("BucketServerSideEncryptionConfiguration"),
      versioned: part("BucketVersioning"),
      tidied: part("BucketLifecycleConfiguration"),
      policy: part("BucketPolicy"),
    };
  };

  for (const stack of stacks) {
    it(`of ${stack} are private, encrypted, versioned and closed to plain HTTP`, async () => {
      const run = await programOf({ stack });
      const buckets = ofType(run, bucketType).map(({ inputs }) => String(inputs["bucket"]));
      expect(buckets).to.include(`signal9-${stack}-raw-answers-123456789012`);
      for (const bucket of buckets) {
        const { shut, owned, encrypted, versioned, policy } = partsOf(run, bucket);
        expect(shut, bucket).to.deep.equal({
          bucket,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
        expect(owned?.["rule"], bucket).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
        expect(encrypted?.["rules"], bucket).to.deep.equal([
          { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
        ]);
        expect(versioned?.["versioningConfiguration"], bucket).to.deep.equal({ status: "Enabled" });
        expect(statements(policy?.["policy"]), bucket).to.deep.equal([
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ]);
      }
    });

    it(`of ${stack} are emptied by a destroy only where nothing is guarded`, async () => {
      for (const { inputs, protect } of ofType(await programOf({ stack }), bucketType)) {
        expect(inputs["forceDestroy"]).to.equal(stack === "dev");
        expect(protect).to.equal(stack === "prod");
      }
    });
  }

  const tidied = {
    id: "tidy",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
    noncurrentVersionExpiration: { noncurrentDays: 30 },
  };
  const cheaperAfter = (days: number) => ({ transitions: [{ days, storageClass: "STANDARD_IA" }] });
  const goesAfter = (days: number) => ({ expiration: { days } });
  const lifecycles = {
    "raw-answers": { ...goesAfter(730), ...cheaperAfter(30) },
    "analysis-results": cheaperAfter(90),
    "event-archive": cheaperAfter(90),
    "dead-letters": cheaperAfter(30),
    uploads: goesAfter(365),
  };
  /** As long as the rows that lead to them, which go after a month in dev, and never in prod. */
  const lifecycleOfDetails = { dev: goesAfter(33), prod: cheaperAfter(30) };

  for (const stack of stacks) {
    it(`of ${stack} are tidied up: what is old gets cheaper or goes, what was overwritten or never finished goes`, async () => {
      const run = await programOf({ stack });
      const rules = ofType(run, bucketType).map(({ name, inputs }) => [
        name,
        partsOf(run, inputs["bucket"]).tidied?.["rules"],
      ]);
      const expected = Object.entries({ ...lifecycles, "event-details": lifecycleOfDetails[stack] });
      expect(Object.fromEntries(rules)).to.deep.equal(
        Object.fromEntries(expected.map(([label, more]) => [label, [{ ...tidied, ...more }]])),
      );
    });
  }

  it("get their policy once the public is shut out, and rules about old versions once there are such", async () => {
    const run = await programOf({ stack: "dev" });
    for (const { name } of ofType(run, bucketType)) {
      const one = (type: string) => ofType(run, type).find((resource) => resource.name === name);
      const shut = one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")?.urn;
      const versioning = one("aws:s3/bucketVersioning:BucketVersioning")?.urn;
      expect(one("aws:s3/bucketPolicy:BucketPolicy")?.dependencies, name).to.include(shut);
      expect(one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")?.dependencies, name).to.include(
        versioning,
      );
    }
  });
});

describe("secrets", () => {
  const withKeys = { stack: "dev", settings: optionalSettings };

  it("are made for the keys that are set, and for no other", async () => {
    const none = ofType(await programOf({ stack: "dev" }), "aws:secretsmanager/secret:Secret");
    const both = ofType(await programOf(withKeys), "aws:secretsmanager/secret:Secret");
    expect(none.map(({ name }) => name)).to.deep.equal(["cache"]);
    expect(both.map(({ name }) => name).sort()).to.deep.equal(["alpaca", "alpha-vantage", "cache"]);
  });

  it("leave nothing of their value in any other resource", async () => {
    const run = await programOf(withKeys);
    const holders = run.resources.filter(({ inputs }) => JSON.stringify(inputs).includes("marked-"));
    expect(holders.map(({ type }) => type)).to.deep.equal([
      "aws:secretsmanager/secretVersion:SecretVersion",
      "aws:secretsmanager/secretVersion:SecretVersion",
    ]);
    expect(JSON.stringify(run.outputs)).not.to.include("marked-");
  });

  it("can be made again at once after dev was destroyed, and be recovered in prod", async () => {
    const window = async (stack: string) =>
      ofType(await programOf({ ...withKeys, stack }), "aws:secretsmanager/secret:Secret").map(
        ({ inputs }) => inputs["recoveryWindowInDays"],
      );
    expect(await window("dev")).to.deep.equal([0, 0, 0]);
    expect(await window("prod")).to.deep.equal([30, 30, 30]);
  });
});
