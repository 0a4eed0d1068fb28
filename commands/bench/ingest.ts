import { fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { normalise } from "../../functions/processing/fundamentals/normalise";
import { plan } from "../../functions/processing/planning/plan";
import type { StateView } from "../../functions/processing/planning/staleTypes";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../local/embedded";
import { startMarket } from "../../local/market/market";
import { nextAt } from "../nextAt";
import { cpuMs, median, printTable } from "./measure";

const root = resolve(__dirname, "../..");
const key = "bench-key-of-nobody";
const rounds = 7;
const hourMs = 3_600_000;

const statementFiles = async (): Promise<{ symbol: string; body: string }[]> => {
  const market = await startMarket({
    now: () => Date.parse("2026-11-20T06:00:00Z"),
    perSecond: 1_000,
    perDay: 1_000,
    alphaVantageKeys: [key],
    alpacaKeys: [],
  });
  const symbols = ["SRVA", "STLV", "AEQT"];
  const files = await Promise.all(
    symbols.map(async (symbol) => {
      const answer = await fetch(`${market.url}/query?function=INCOME_STATEMENT&symbol=${symbol}&apikey=${key}`);
      return { symbol, body: await answer.text() };
    }),
  );
  await market.close();
  return files;
};

const normalising = async (): Promise<void> => {
  const files = await statementFiles();
  const count = 500;
  const work = () => {
    for (let at = 0; at < count; at++) {
      const file = files[at % files.length];
      if (file) normalise("income_statement", JSON.parse(file.body), file.symbol);
    }
  };
  work();
  const perSecond = Array.from({ length: rounds }, () => (count / cpuMs(work)) * 1_000);
  const bytes = Math.round(median(files.map(({ body }) => body.length)) / 1_000);
  console.log(
    `normalising: ${Math.round(median(perSecond))} statement files a second of one core (median of ${rounds}; ${bytes} KB each, parsed from text)`,
  );
};

const minuteMs = 60_000;
const ingestion = "-ingestion";

/** What one morning's ingestion used, by its own role. */
const morning = async (up: EmbeddedCloud): Promise<string[]> => {
  const before = up.market?.calls().length ?? 0;
  up.cloud.meter.reset();
  up.cloud.trace.reset();
  await up.turn(2 * hourMs);
  await up.settle();
  const types = (up.market?.calls().slice(before) ?? []).filter(({ symbol }) => symbol !== undefined).length;
  const calls = up.cloud.trace
    .recent(Number.MAX_SAFE_INTEGER)
    .filter(({ service, caller }) => service === "dynamodb" && caller.includes(ingestion));
  const each = (value: number): string => (value / types).toFixed(1);
  const used = (what: "dynamodb read unit" | "dynamodb write unit") => each(up.cloud.meter.usedBy(ingestion, what));
  return [String(types), each(calls.length), used("dynamodb read unit"), used("dynamodb write unit")];
};

/** What one more type of data costs: at first, and where nothing of it is new. */
const perType = async (): Promise<void> => {
  const up = await startEmbeddedCloud({
    root,
    port: 0,
    startAt: nextAt(3),
    settings: { alphaVantagePerSecond: "1000", watchlist: '["AEQT","BRDG","KO","IBM"]' },
    market: { perSecond: 1_000 },
  });
  try {
    await up.turn(2 * hourMs + 30 * minuteMs);
    const first = await morning(up);
    // Two days on, the same companies are stale again; in between, others had their turn.
    await up.turn(45 * hourMs + 30 * minuteMs);
    const again = await morning(up);
    printTable([
      ["DynamoDB, each type ingested", "types", "requests", "read units", "write units"],
      ["first time", ...first],
      ["again, little new", ...again],
    ]);
  } finally {
    await up.close();
  }
};

const universe = (size: number) => Array.from({ length: size }, (_, at) => ({ assetId: `S${at}`, status: "active" }));

const planning = (): void => {
  const now = Date.parse("2026-11-20T07:00:00Z");
  const rows = [["companies", "plan, ms", "µs each"]];
  for (const size of [100, 1_000, 10_000]) {
    const assets = universe(size);
    const stored = new Date(now - 30 * hourMs).toISOString();
    const types = { earnings: { status: "complete" as const, requested_at: stored, stored_at: stored } };
    const states = new Map<string, StateView>(assets.map(({ assetId }) => [assetId, { status: "complete", types }]));
    const input = { round: "regular" as const, now, assets, states, calendar: [], watchlist: [], openJobs: [] };
    const ms = median(Array.from({ length: rounds }, () => cpuMs(() => void plan({ ...input, remainingCalls: 20 }))));
    rows.push([String(size), ms.toFixed(1), ((ms / size) * 1_000).toFixed(1)]);
  }
  printTable(rows);
};

/** A program runs once a process, so that each size has one of its own. */
const inOwnProcess = async (size: number): Promise<{ first: number; again: number }> => {
  const child = fork(resolve(__dirname, "assetSync.ts"), [String(size)], { execArgv: process.execArgv });
  const [answer] = (await once(child, "message")) as [{ first: number; again: number }];
  return answer;
};

const syncing = async (): Promise<void> => {
  const rows = [["companies", "first sync, s", "ms each", "again, s"]];
  for (const size of [100, 1_000, 10_000]) {
    const { first, again } = await inOwnProcess(size);
    rows.push([String(size), first.toFixed(2), ((first / size) * 1_000).toFixed(2), again.toFixed(2)]);
  }
  printTable(rows);
};

/** What it takes to take over the market's data. */
export const ingest = async (): Promise<void> => {
  await normalising();
  planning();
  await perType();
  await syncing();
};
