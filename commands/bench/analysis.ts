import { resolve } from "node:path";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Fundamentals, Statements } from "../../functions/processing/analysis/fundamentals";
import { rate } from "../../functions/processing/analysis/rating";
import { changesOf } from "../../functions/processing/fundamentals/changes";
import { type DataType, dataTypes } from "../../functions/processing/fundamentals/dataTypes";
import { normalise } from "../../functions/processing/fundamentals/normalise";
import type { Signal9Outputs } from "../../infra/outputs";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../local/embedded";
import { startMarket } from "../../local/market/market";
import { universe } from "../../local/market/universe";
import { nextAt } from "../nextAt";
import { makeClients } from "../start/clients";
import { cpuMs, median, printTable } from "./measure";

const root = resolve(__dirname, "../..");
const now = Date.parse("2026-11-20T06:00:00Z");
const rounds = 7;
const hourMs = 3_600_000;
const symbols = universe.filter(({ generated }) => generated).map(({ symbol }) => symbol);

const asked: Record<DataType, string> = {
  company_overview: "OVERVIEW",
  earnings: "EARNINGS",
  income_statement: "INCOME_STATEMENT",
  balance_sheet: "BALANCE_SHEET",
  cash_flow: "CASH_FLOW",
};

/** What ingestion would have stored of some companies. */
const companies = async (count: number): Promise<Fundamentals[]> => {
  const key = "bench-key-of-nobody";
  const limits = { perDay: 1e6, perSecond: 1e6 };
  const market = await startMarket({ now: () => now, ...limits, alphaVantageKeys: [key], alpacaKeys: [] });
  const reportsOf = async (symbol: string, type: DataType) => {
    const answer = await fetch(`${market.url}/query?function=${asked[type]}&symbol=${symbol}&apikey=${key}`);
    const normalised = normalise(type, await answer.json(), symbol);
    return changesOf(undefined, normalised, { assetId: symbol, receivedAt: now, rawKey: "" })?.rows ?? [];
  };
  const all = symbols.slice(0, count).map(async (symbol): Promise<Fundamentals> => {
    const rows = Object.fromEntries(
      await Promise.all(dataTypes.map(async (type) => [type, await reportsOf(symbol, type)] as const)),
    );
    const statements = (type: DataType): Statements => ({
      annual: rows[type]?.filter(({ period }) => period === "annual") ?? [],
      quarterly: rows[type]?.filter(({ period }) => period === "quarterly") ?? [],
    });
    const [overview] = rows["company_overview"] ?? [];
    return {
      assetId: symbol,
      ...(overview && { overview }),
      income: statements("income_statement"),
      balance: statements("balance_sheet"),
      cashFlow: statements("cash_flow"),
      earnings: statements("earnings"),
      news: [],
    };
  });
  const found = await Promise.all(all);
  await market.close();
  return found;
};

const rating = async (): Promise<void> => {
  const known = await companies(20);
  const count = 2_000;
  const work = () => {
    for (let at = 0; at < count; at++) {
      const fundamentals = known[at % known.length];
      if (fundamentals) rate(fundamentals, { analysisType: "rule_based", now });
    }
  };
  work();
  const perSecond = median(Array.from({ length: rounds }, () => (count / cpuMs(work)) * 1_000));
  console.log(`rating: ${Math.round(perSecond)} ratings a second of one core, in process (median of ${rounds})`);
};

const transitions = ({ cloud }: EmbeddedCloud): { amount: number; dollars: number } =>
  cloud.meter.bill().lines.find(({ what }) => what === "stepfunctions transition") ?? { amount: 0, dollars: 0 };

const workflow = async (): Promise<void> => {
  const up = await startEmbeddedCloud({
    root,
    port: 0,
    startAt: nextAt(3.9),
    settings: { alphaVantagePerSecond: "1000", alphaVantagePerDay: "1000" },
  });
  try {
    const clients = makeClients(up.url);
    const { bus } = up.run.outputs as unknown as Signal9Outputs;
    await up.turn(4 * hourMs);
    await up.settle();
    const eight = symbols.slice(0, 8);
    const analyse = async (number: number, batchSize: number): Promise<number> => {
      const detail = { eventId: `bench-${batchSize}-${number}`, assetIds: eight, batchSize, priority: "high" };
      const startedAt = performance.now();
      await clients.eventBridge.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: bus.name,
              Source: "signal9.advisor",
              DetailType: "analysisNeeded",
              Detail: JSON.stringify({ ...detail, analysisType: "rule_based" }),
            },
          ],
        }),
      );
      await up.idle();
      return performance.now() - startedAt;
    };
    const rows = [["a batch of 8", "ms, median", "transitions an asset", "dollars per 1,000 ratings"]];
    for (const [label, batchSize] of [
      ["one execution", 8],
      ["one execution an asset", 1],
    ] as const) {
      await analyse(0, batchSize);
      up.cloud.meter.reset();
      const times: number[] = [];
      for (let round = 1; round <= rounds; round++) times.push(await analyse(round, batchSize));
      const { amount, dollars } = transitions(up);
      const ratings = rounds * eight.length;
      rows.push([
        label,
        median(times).toFixed(0),
        (amount / ratings).toFixed(2),
        ((dollars / ratings) * 1_000).toFixed(3),
      ]);
    }
    printTable(rows);
  } finally {
    await up.close();
  }
};

/** What it takes to rate companies. */
export const analysis = async (): Promise<void> => {
  await rating();
  await workflow();
};
