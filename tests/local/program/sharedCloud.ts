import { resolve } from "node:path";
import { DisableRuleCommand, EnableRuleCommand, ListRulesCommand, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { makeClients } from "../../../commands/start/clients";
import { redrive } from "../../../commands/start/deadLetters";
import type { Signal9Outputs } from "../../../infra/outputs";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../../local/embedded";
import type { Fault, Injected } from "../../../local/market/faults";
import { type Market, startMarket } from "../../../local/market/market";
import { atTheEnd } from "../../wire/closing";

const root = resolve(__dirname, "../../..");
export const prefix = "signal9-dev-";
export const hour = 3_600_000;
export const minute = 60_000;
const dayMs = 24 * hour;
/** Consumers whose days these are. */
const marketData = ["pollination", "ingestion", "analysis-batches", "mark-earnings-processed"];
/** When a test's day begins: just before the first schedule. */
const dawn = 3 * hour + 58 * minute;

/** What the market answers to whom it knows, whatever the platform under test has asked or spent. */
export interface Oracle {
  ask: (name: string, symbol?: string) => Promise<Record<string, unknown>>;
}

export interface Shared {
  up: EmbeddedCloud;
  market: Market;
  oracle: Oracle;
  clients: ReturnType<typeof makeClients> & { s3: S3Client; lambda: LambdaClient };
  outputs: Signal9Outputs;
  /** Calls of the market since the day of the test began. */
  calls: () => ReturnType<Market["calls"]>;
  /** Breaks the market until the end of the test. */
  breakMarket: (fault: Fault) => Injected;
  /** A correction, of which the oracle hears too. */
  restate: Market["restate"];
  /** A clean platform, shortly before 04:00 UTC of a day that no test has had. */
  newDay: () => Promise<void>;
  /** Turns the clock to this hour of the day that the test began on, or of so many days later; schedules fire on the way. */
  turnTo: (hours: number, options?: { days?: number; only?: readonly string[] }) => Promise<void>;
  /** Turns the clock without any schedule firing on the way. */
  skipTo: (hours: number, days?: number) => Promise<void>;
  fire: (label: string) => void;
  /** Whether what these rules match is handed on: of the platform's own events, only those of market data are at first. */
  hear: (enabled: boolean, ...labels: string[]) => Promise<void>;
  /** Whether a consumer's messages are handed to its function. */
  consume: (consumer: string, enabled: boolean) => Promise<void>;
  /** Moves all dead letters back to where they came from. */
  redrive: () => Promise<void>;
  tell: (...events: { type: string; detail: Record<string, unknown> }[]) => Promise<void>;
}

const nextDawn = (now: number): number => {
  const today = Math.floor(now / dayMs) * dayMs + dawn;
  return today > now ? today : today + dayMs;
};

/** A Tuesday: the market's calendar keeps three days, of which one at least is a trading day then. */
const firstDay = (): number => {
  let moment = nextDawn(Date.now() + dayMs);
  while (new Date(moment).getUTCDay() !== 2) moment += dayMs;
  return moment;
};

const startOracle = async (now: () => number): Promise<{ market: Market; oracle: Oracle }> => {
  const key = "oracle-of-the-test";
  const market = await startMarket({ now, perDay: 1e9, perSecond: 1e9, alphaVantageKeys: [key], alpacaKeys: [] });
  const ask: Oracle["ask"] = async (name, symbol) => {
    const query = new URLSearchParams({ function: name, apikey: key, ...(symbol && { symbol }) });
    return (await (await fetch(`${market.url}/query?${query}`)).json()) as Record<string, unknown>;
  };
  return { market, oracle: { ask } };
};

const start = async (): Promise<Shared> => {
  const up = await startEmbeddedCloud({
    root,
    port: 0,
    startAt: () => firstDay() - hour,
    settings: { alphaVantagePerSecond: "1000" },
  });
  const { market } = up;
  if (!market) throw new Error("the embedded cloud has no market");
  const { market: twin, oracle } = await startOracle(() => up.cloud.clock.now());
  const outputs = up.run.outputs as unknown as Signal9Outputs;
  const settings = {
    endpoint: up.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const clients = {
    ...makeClients(up.url),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    lambda: new LambdaClient(settings),
  };
  atTheEnd(async () => {
    await twin.close();
    await up.close();
  });

  const { clock, faults } = up.cloud;
  const broken: Injected[] = [];
  let midnight = 0;
  let callsBefore = 0;
  const schedules = () => up.services.eventBridge.schedules().map(({ name }) => name);
  const setRules = async (enabled: boolean, names: readonly string[], EventBusName = "default") => {
    const Command = enabled ? EnableRuleCommand : DisableRuleCommand;
    await Promise.all(names.map((Name) => clients.eventBridge.send(new Command({ Name, EventBusName }))));
  };
  const momentOf = (hours: number, days: number) => midnight + days * dayMs + hours * hour;
  const turn = (moment: number) => clock.turnTo(moment, () => up.idle());
  const consume = async (consumer: string, Enabled: boolean) => {
    const FunctionName = `${prefix}${consumer}`;
    const { EventSourceMappings = [] } = await clients.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName }),
    );
    for (const { UUID } of EventSourceMappings) {
      await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    }
  };
  // They fire when a test turns the clock through their hours, and not while it clears away.
  await setRules(false, schedules());
  // What comes of a rating is for other tests to see.
  const EventBusName = outputs.bus.name;
  const { Rules = [] } = await clients.eventBridge.send(new ListRulesCommand({ EventBusName }));
  for (const { Name } of Rules) {
    if (!marketData.some((consumer) => Name === `${prefix}${consumer}`)) {
      await clients.eventBridge.send(new DisableRuleCommand({ Name, EventBusName }));
    }
  }

  return {
    up,
    market,
    oracle,
    clients,
    outputs,
    calls: () => market.calls().slice(callsBefore),
    breakMarket: (fault) => {
      const injected = market.faults.inject(fault);
      broken.push(injected);
      return injected;
    },
    restate: (symbol, restatement) => {
      market.restate(symbol, restatement);
      twin.restate(symbol, restatement);
    },
    newDay: async () => {
      faults.clear();
      for (const fault of broken.splice(0)) fault.remove();
      await up.settle();
      await up.reset();
      // What is forgotten of a day's calls must not be spent in the same day again, wherever that is counted.
      const moment = nextDawn(clock.now() + dayMs);
      await turn(moment);
      midnight = Math.floor(moment / dayMs) * dayMs;
      callsBefore = market.calls().length;
    },
    turnTo: async (hours, { days = 0, only = [""] } = {}) => {
      const firing = schedules().filter((name) => only.some((label) => name.startsWith(`${prefix}${label}`)));
      await setRules(true, firing);
      await turn(momentOf(hours, days));
      await setRules(false, firing);
    },
    skipTo: (hours, days = 0) => turn(momentOf(hours, days)),
    hear: (enabled, ...labels) =>
      setRules(
        enabled,
        labels.map((label) => `${prefix}${label}`),
        outputs.bus.name,
      ),
    fire: (label) => up.services.eventBridge.fire(`${prefix}${label}`),
    consume,
    redrive: async () => {
      // What was looked at is hidden for a moment.
      await turn(clock.now() + minute);
      await redrive(clients, outputs, () => clock.now());
    },
    tell: async (...events) => {
      await clients.eventBridge.send(
        new PutEventsCommand({
          Entries: events.map(({ type, detail }) => ({
            EventBusName: outputs.bus.name,
            Source: "signal9.advisor",
            DetailType: type,
            Detail: JSON.stringify(detail),
          })),
        }),
      );
    },
  };
};

let shared: Promise<Shared> | undefined;

/** One embedded cloud for the tests of whole days: it takes seconds to come up. */
export const sharedCloud = (): Promise<Shared> => {
  shared ??= start();
  return shared;
};
