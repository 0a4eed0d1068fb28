import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Signal9Outputs } from "../../infra/outputs";
import type { EmbeddedCloud } from "../../local/embedded";
import { nextAt } from "../nextAt";
import type { Clients } from "./clients";
import { firstHour, lastHour } from "./hours";

/** What one run of a scheduled function says of itself. */
export interface Step {
  time: string;
  what: string;
  said: string;
}

export interface Company {
  assetId: string;
  name: string;
  /** `done`: all data stored. `waiting`: begun, for tomorrow's calls. `refused`: nothing can be done. `deferred`: not picked. */
  ended: "done" | "waiting" | "refused" | "deferred";
  why: string;
}

/** The newest rating of a company. */
export interface Rated {
  assetId: string;
  name: string;
  rating: string;
  confidence: number;
  /** What speaks most for it and most against it. */
  best: string;
  worst: string;
  /** Why it is this rating, and how old what it rests on is. */
  reason: string;
}

export interface TradingDay {
  day: string;
  steps: Step[];
  companies: Company[];
  ratings: Rated[];
  /** Calls that the providers saw. */
  calls: { provider: string; asked: string; count: number; outcome: string }[];
  /** Companies of which nobody can say what came of them, or whose data is complete and not rated. There must be none. */
  lost: string[];
}

interface State {
  status: string;
  progress: number;
  error?: string;
}

interface Logged {
  timestamp: string;
  message: string;
  end?: string;
  result?: Record<string, unknown>;
  error?: { message: string };
}

const hourMs = 3_600_000;

const scanAll = async ({ dynamodb }: Clients, TableName: string): Promise<Record<string, unknown>[]> => {
  const rows: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb.send(new ScanCommand({ TableName, ...(start && { ExclusiveStartKey: start }) }));
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
};

const jobs = [
  { label: "asset-sync", what: "assets", said: "synchronised assets" },
  { label: "earnings-sync", what: "earnings calendar", said: "synchronised the earnings calendar" },
  { label: "pollination-planner", what: "pollination", said: "planned" },
  { label: "news-sync", what: "news", said: "synchronised news" },
];

const linesOf = async ({ logs }: Clients, group: string, message: string, from: number): Promise<Logged[]> => {
  const lines: Logged[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        filterPattern: `{ $.message = ${JSON.stringify(message)} }`,
        startTime: from,
        nextToken,
      }),
    );
    for (const { message: line = "{}" } of page.events ?? []) lines.push(JSON.parse(line) as Logged);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
};

const counted = (result: Record<string, unknown>): string =>
  Object.entries(result)
    .flatMap(([name, value]) => {
      if (typeof value === "number" && value > 0) return [`${value} ${name}`];
      return Array.isArray(value) && value.length > 0 ? [`${value.length} ${name}`] : [];
    })
    .join(", ");

interface Planned {
  round: string;
  picks: { assetId: string; reason: string }[];
  resumed: { assetId: string; reason: string }[];
}

const said = (result: Record<string, unknown>): string => {
  if (typeof result["skipped"] === "string") return `nothing done: ${result["skipped"]}`;
  if (!Array.isArray(result["picks"])) return counted(result) || "nothing new";
  const { round, picks, resumed } = result as unknown as Planned;
  const chosen = [...resumed, ...picks].map(({ assetId, reason }) => `${assetId} (${reason})`);
  return `${round} round: ${chosen.length > 0 ? chosen.join(", ") : "nobody picked"}`;
};

const stepsOf = async (clients: Clients, prefix: string, from: number): Promise<Step[]> => {
  const all = await Promise.all(
    jobs.map(async ({ label, what, said: message }) => {
      const group = `/aws/lambda/${prefix}${label}`;
      const lines = await linesOf(clients, group, message, from);
      const failed = await linesOf(clients, group, "the run failed", from);
      return [
        ...lines.flatMap(({ timestamp, result }) => (result ? [{ time: timestamp, what, said: said(result) }] : [])),
        ...failed.map(({ timestamp, error }) => ({ time: timestamp, what, said: `failed: ${error?.message ?? "?"}` })),
      ];
    }),
  );
  return all.flat().sort((a, b) => (a.time < b.time ? -1 : 1));
};

interface Skips {
  skipped: { reason: string; such: string[]; count: number }[];
}

const endOf = (state: State | undefined, deferred: string): Pick<Company, "ended" | "why"> => {
  if (state?.status === "complete") return { ended: "done", why: "all five types stored" };
  if (state?.status === "failed") return { ended: "refused", why: state.error ?? "failed" };
  if (state)
    return {
      ended: "waiting",
      why: `${Math.round(state.progress * 100)} % stored; ${state.error ?? "the rest waits for calls"}`,
    };
  return { ended: "deferred", why: deferred };
};

const companiesOf = async (clients: Clients, outputs: Signal9Outputs, deferred: string): Promise<Company[]> => {
  const { assets, processingState } = outputs.tables;
  const states = new Map(
    (await scanAll(clients, processingState.name)).map((row) => [row["asset_id"], row as unknown as State]),
  );
  return (await scanAll(clients, assets.name))
    .filter(({ status }) => status === "active")
    .map((row) => ({
      assetId: String(row["symbol"]),
      name: String(row["name"]),
      ...endOf(states.get(row["asset_id"]), deferred),
    }))
    .sort((a, b) => (a.assetId < b.assetId ? -1 : 1));
};

const ratingsOf = async (clients: Clients, { tables }: Signal9Outputs): Promise<Rated[]> => {
  const rows = await scanAll(clients, tables.assetAnalysis.name);
  const reasons = new Map(rows.map(({ asset_id, analysis_key, reason }) => [`${asset_id} ${analysis_key}`, reason]));
  return rows
    .filter(({ analysis_key }) => analysis_key === "LATEST")
    .map(({ asset_id, latest_key, name, investment_rating, confidence, scores }) => {
      const named = Object.entries(scores as Record<string, number>).sort(([a], [b]) => (a < b ? -1 : 1));
      const ordered = named.sort(([, a], [, b]) => b - a);
      return {
        assetId: String(asset_id).slice("ASSET#".length),
        name: String(name),
        rating: String(investment_rating),
        confidence: Number(confidence),
        best: ordered.at(0)?.[0] ?? "",
        worst: ordered.at(-1)?.[0] ?? "",
        reason: String(reasons.get(`${asset_id} ${latest_key}`)),
      };
    })
    .sort((a, b) => (a.assetId < b.assetId ? -1 : 1));
};

const callsOf = ({ market }: EmbeddedCloud): TradingDay["calls"] => {
  const counts = new Map<string, TradingDay["calls"][number]>();
  for (const { provider, function: asked, outcome } of market?.calls() ?? []) {
    const key = `${provider} ${asked} ${outcome}`;
    const line = counts.get(key) ?? { provider, asked, outcome, count: 0 };
    line.count++;
    counts.set(key, line);
  }
  return [...counts.values()];
};

/** Turns the clock through the hours in which the schedules run, and tells what came of it. */
export const runTradingDay = async (
  up: EmbeddedCloud,
  clients: Clients,
  outputs: Signal9Outputs,
  /** What else goes on, once the schedules of an hour are through. @default nothing */
  meanwhile: (hour: number) => Promise<void> = async () => undefined,
): Promise<TradingDay> => {
  const from = nextAt(firstHour)(up.cloud.clock.now());
  await up.turn(from - hourMs / 60 - up.cloud.clock.now());
  for (let hour = firstHour; hour <= lastHour; hour++) {
    await up.turn(from + (hour - firstHour) * hourMs - up.cloud.clock.now());
    await up.idle();
    await meanwhile(hour);
  }
  await up.settle();
  const prefix = outputs.bus.name.replace(/events$/, "");
  const planned = await linesOf(clients, `/aws/lambda/${prefix}pollination-planner`, "planned", from);
  const reasons = (planned.at(-1)?.result as Skips | undefined)?.skipped ?? [];
  const [most] = reasons.toSorted((a, b) => b.count - a.count);
  const [companies, ratings, steps] = await Promise.all([
    companiesOf(clients, outputs, most?.reason ?? ""),
    ratingsOf(clients, outputs),
    stepsOf(clients, prefix, from - hourMs / 60),
  ]);
  return {
    day: new Date(from).toISOString().slice(0, 10),
    steps,
    companies,
    ratings,
    calls: callsOf(up),
    lost: companies
      .filter(({ assetId, ended, why }) =>
        ended === "done" ? !ratings.some((rated) => rated.assetId === assetId) : ended === "deferred" && why === "",
      )
      .map(({ assetId }) => assetId),
  };
};
