import { resolve } from "node:path";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { Fundamentals, Statements } from "../../functions/processing/analysis/fundamentals";
import { rate } from "../../functions/processing/analysis/rating";
import { largestBatch } from "../../functions/processing/events/analysisNeeded";
import { changesOf } from "../../functions/processing/fundamentals/changes";
import { type DataType, dataTypes } from "../../functions/processing/fundamentals/dataTypes";
import { normalise } from "../../functions/processing/fundamentals/normalise";
import type { Signal9Outputs } from "../../infra/outputs";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../local/embedded";
import { startMarket } from "../../local/market/market";
import { universe } from "../../local/market/universe";
import { nextAt } from "../nextAt";
import { type Clients, makeClients } from "../start/clients";
import { cpuMs, median, printTable } from "./measure";
import { searching } from "./search";

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

/** How long the executions that began since then took, all in all. */
const spanOf = async (sfn: SFNClient, stateMachineArn: string, since: number): Promise<number> => {
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: largestBatch }));
  const those = executions.filter(({ startDate }) => Number(startDate) >= since);
  const ends = those.map(({ status, stopDate }) => {
    if (status !== "SUCCEEDED") throw new Error(`an execution of the bench ended as ${status}`);
    return Number(stopDate);
  });
  return Math.max(...ends) - Math.min(...those.map(({ startDate }) => Number(startDate)));
};

const workflow = async (up: EmbeddedCloud, clients: Clients, prefix: string): Promise<void> => {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const sfn = new SFNClient({ endpoint: up.url, region: "us-east-1", credentials });
  const machine = up.run.resources.find(({ type }) => type === "aws:sfn/stateMachine:StateMachine");
  const eight = symbols.slice(0, largestBatch);
  const analyse = async (number: number, batchSize: number) => {
    const detail = { eventId: `bench-${batchSize}-${number}`, assetIds: eight, batchSize, priority: "high" };
    const since = up.cloud.clock.now();
    const startedAt = performance.now();
    await clients.eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: `${prefix}events`,
            Source: "signal9.advisor",
            DetailType: "analysisNeeded",
            Detail: JSON.stringify({ ...detail, analysisType: "rule_based" }),
          },
        ],
      }),
    );
    await up.idle();
    const all = performance.now() - startedAt;
    return { all, executions: await spanOf(sfn, String(machine?.outputs["arn"]), since) };
  };
  const rows = [
    [
      "a batch of 8, warm, medians",
      "executions, ms",
      "event to all done, ms",
      "transitions an asset",
      "$ per 1,000 ratings",
    ],
  ];
  for (const [label, batchSize] of [
    ["one execution", largestBatch],
    ["one execution an asset", 1],
  ] as const) {
    await analyse(0, batchSize);
    up.cloud.meter.reset();
    const times: Awaited<ReturnType<typeof analyse>>[] = [];
    for (let round = 1; round <= rounds; round++) times.push(await analyse(round, batchSize));
    const { amount, dollars } = transitions(up);
    const ratings = rounds * eight.length;
    rows.push([
      label,
      median(times.map(({ executions }) => executions)).toFixed(0),
      median(times.map(({ all }) => all)).toFixed(0),
      (amount / ratings).toFixed(2),
      ((dollars / ratings) * 1_000).toFixed(3),
    ]);
  }
  console.log("");
  printTable(rows);
  sfn.destroy();
};

/** What it takes to rate companies, and to find them. */
export const analysis = async (): Promise<void> => {
  await rating();
  const up = await startEmbeddedCloud({
    root,
    port: 0,
    startAt: nextAt(3.9),
    settings: { alphaVantagePerSecond: "1000", alphaVantagePerDay: "1000" },
  });
  try {
    const clients = makeClients(up.url);
    const { bus } = up.run.outputs as unknown as Signal9Outputs;
    const prefix = bus.name.replace(/events$/, "");
    await up.turn(4 * hourMs);
    await up.settle();
    await workflow(up, clients, prefix);
    await searching(up, clients, `${prefix}search`);
  } finally {
    await up.close();
  }
};
