import { expect } from "chai";
import { ofType, programOf, stacks } from "./program";

const keys: Record<string, { hash: string; range?: string; ttl?: string; indexes?: Record<string, [string, string]> }> =
  {
    assets: { hash: "asset_id" },
    "company-overview": { hash: "asset_id", range: "report_key" },
    earnings: { hash: "asset_id", range: "report_key" },
    "income-statement": { hash: "asset_id", range: "report_key" },
    "balance-sheet": { hash: "asset_id", range: "report_key" },
    "cash-flow": { hash: "asset_id", range: "report_key" },
    news: { hash: "asset_id", range: "news_key", ttl: "expires_at" },
    "earnings-calendar": {
      hash: "asset_id",
      range: "earnings_date",
      indexes: { "by-date": ["earnings_date", "asset_id"] },
    },
    "processing-state": { hash: "asset_id", ttl: "expires_at" },
    "queue-tracking": { hash: "job_id", ttl: "expires_at", indexes: { "by-queue": ["queue", "position"] } },
    "api-budget": { hash: "budget_id" },
    effects: { hash: "effect_id", ttl: "expires_at" },
    "event-store": {
      hash: "event_id",
      ttl: "expires_at",
      indexes: {
        pending: ["outbox", "occurred_at"],
        "by-entity": ["entity", "occurred_at"],
        "by-correlation": ["correlation_id", "occurred_at"],
      },
    },
  };

interface GlobalIndex {
  name: string;
  keySchemas: { attributeName: string; keyType: string }[];
}

describe("tables", () => {
  it("have the keys that their readers rely on", async () => {
    const tables = ofType(await programOf({ stack: "dev" }), "aws:dynamodb/table:Table");
    expect(tables.map(({ name }) => name).sort()).to.deep.equal(Object.keys(keys).sort());
    for (const { name, inputs } of tables) {
      const expected = keys[name];
      expect(inputs["hashKey"]).to.equal(expected?.hash);
      expect(inputs["rangeKey"]).to.equal(expected?.range);
      expect((inputs["ttl"] as { attributeName: string } | undefined)?.attributeName).to.equal(expected?.ttl);
      const indexes = (inputs["globalSecondaryIndexes"] ?? []) as GlobalIndex[];
      const found = Object.fromEntries(
        indexes.map((index) => [index.name, index.keySchemas.map(({ attributeName }) => attributeName)]),
      );
      expect(found).to.deep.equal(expected?.indexes ?? {});
    }
  });

  it("declare exactly the attributes that are keys", async () => {
    for (const { inputs } of ofType(await programOf({ stack: "dev" }), "aws:dynamodb/table:Table")) {
      const indexes = (inputs["globalSecondaryIndexes"] ?? []) as GlobalIndex[];
      const used = [
        inputs["hashKey"],
        inputs["rangeKey"],
        ...indexes.flatMap((index) => index.keySchemas.map(({ attributeName }) => attributeName)),
      ].filter(Boolean);
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

describe("secrets", () => {
  const withKeys = {
    stack: "dev",
    settings: {
      "signal9:alpacaKeyId": "marked-key-id",
      "signal9:alpacaSecretKey": "marked-secret-key",
      "signal9:alphaVantageKey": "marked-av-key",
    },
  };

  it("are made for the keys that are set, and for no other", async () => {
    const none = ofType(await programOf({ stack: "dev" }), "aws:secretsmanager/secret:Secret");
    const both = ofType(await programOf(withKeys), "aws:secretsmanager/secret:Secret");
    expect(none).to.deep.equal([]);
    expect(both.map(({ name }) => name).sort()).to.deep.equal(["alpaca", "alpha-vantage"]);
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
    expect(await window("dev")).to.deep.equal([0, 0]);
    expect(await window("prod")).to.deep.equal([30, 30]);
  });
});
