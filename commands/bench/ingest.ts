import { fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { normalise } from "../../functions/processing/fundamentals/normalise";
import { plan } from "../../functions/processing/planning/plan";
import type { StateView } from "../../functions/processing/planning/staleTypes";
import type { Use } from "../../local/cloud/meter";
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

interface Morning {
  types: number;
  uses: Use[];
}

/** What one morning's ingestion used, by its own role. */
const morning = async (up: EmbeddedCloud): Promise<Morning> => {
  const before = up.market?.calls().length ?? 0;
  up.cloud.meter.reset();
  await up.turn(2 * hourMs);
  await up.settle();
  const types = (up.market?.calls().slice(before) ?? []).filter(({ symbol }) => symbol !== undefined).length;
  return { types, uses: up.cloud.meter.usedBy(ingestion) };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const unitsOf = (uses: readonly Use[], what: Use["what"]): number =>
  sum(uses.filter((use) => use.what === what).map(({ amount }) => amount));

/** Calls and units of these, for each type that came. */
const cells = (uses: readonly Use[], types: number): string[] =>
  [sum(uses.map(({ calls }) => calls)), unitsOf(uses, "dynamodb read unit"), unitsOf(uses, "dynamodb write unit")].map(
    (value) => (value / types).toFixed(1),
  );

/** The whole of a morning, then each kind of call. */
const rowsOf = (label: string, { types, uses }: Morning): string[][] => {
  const operations = [...new Set(uses.map(({ operation }) => operation))].sort();
  const each = operations.map((name) => {
    const own = uses.filter(({ operation }) => operation === name);
    return [`  ${name}`, "", ...cells(own, types)];
  });
  return [[label, String(types), ...cells(uses, types)], ...each];
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
      ...rowsOf("first time", first),
      ...rowsOf("again, little new", again),
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
