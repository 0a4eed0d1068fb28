import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Signal9Outputs } from "../../infra/outputs";
import { startEmbeddedCloud } from "../../local/embedded";
import { type Clients, makeClients } from "../start/clients";
import { audit } from "./audit";
import { median, percentile, printTable } from "./measure";

const root = resolve(__dirname, "../..");
const prefix = "signal9-dev-";
const together = 1_000;
/** One after another, a tenth of a second apart: six times what is asked for. */
const apart = 100;
const apartMs = 100;
/** Fifty times what is asked for, by functions that have run. */
const steady = 1_000;
const steadyMs = 12;
/** The first of them is for functions that have hardly run; what comes of it is told by itself. */
const bursts = 4;
const people = 50;

interface Handled {
  message: string;
  durationMs: number;
  lagMs: number;
}

const eventOf = (at: number, now: number) => ({
  eventId: `bench-${at}`,
  userId: `person-${at % people}`,
  timestamp: now,
  data: { transactionIds: [`t-${at}`], accountIds: [], deletionType: "single" },
});

type Up = Awaited<ReturnType<typeof startEmbeddedCloud>>;

const tell = async (up: Up, { eventBridge }: Clients, first: number, many: number): Promise<void> => {
  const { bus } = up.run.outputs as unknown as Signal9Outputs;
  const Entries = Array.from({ length: many }, (_, more) => ({
    EventBusName: bus.name,
    Source: "signal9.ledger",
    DetailType: "transactions.deleted",
    Detail: JSON.stringify(eventOf(first + more, up.cloud.clock.now())),
  }));
  await eventBridge.send(new PutEventsCommand({ Entries }));
};

const handledSince = async (up: Up, startTime: number): Promise<Handled[]> => {
  const lines: Handled[] = [];
  let nextToken: string | undefined;
  do {
    const page = await makeClients(up.url).logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${prefix}analytics`, startTime, nextToken }),
    );
    for (const { message = "{}" } of page.events ?? []) lines.push(JSON.parse(message) as Handled);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines.filter(({ message }) => message === "handled");
};

interface Went {
  perMinute: number;
  median: number;
  p99: number;
}

/** Tells events, waits until all that follows from them is done, and says how it went. */
const measured = async (up: Up, count: number, send: () => Promise<void>): Promise<Went> => {
  const [since, startedAt] = [up.cloud.clock.now(), performance.now()];
  await send();
  await up.settle();
  const minutes = (performance.now() - startedAt) / 60_000;
  const handled = await handledSince(up, since);
  if (handled.length !== count) throw new Error(`${handled.length} of ${count} events were handled`);
  const latency = handled.map(({ lagMs, durationMs }) => lagMs + durationMs);
  return { perMinute: count / minutes, median: median(latency), p99: percentile(latency, 0.99) };
};

const line = (what: string, went: readonly Went[]): string[] => [
  what,
  ...(["perMinute", "median", "p99"] as const).map((name) => String(Math.round(median(went.map((one) => one[name]))))),
];

/** How fast what happens to books becomes analytics, on the whole program: the audit and the notifications hear it too. */
export const events = async (): Promise<void> => {
  const up = await startEmbeddedCloud({ root, port: 0 });
  const clients = makeClients(up.url);
  try {
    // The functions start on their first event.
    await measured(up, 1, () => tell(up, clients, 0, 1));
    let told = 1;
    const pacing = (count: number, everyMs: number) => async () => {
      const from = performance.now();
      for (let at = 1; at <= count; at++) {
        await tell(up, clients, told++, 1);
        await sleep(Math.max(0, from + at * everyMs - performance.now()));
      }
    };
    const paced = await measured(up, apart, pacing(apart, apartMs));
    const burst = async () => {
      for (let at = 0; at < together; at += 10, told += 10) await tell(up, clients, told, 10);
    };
    const went: Went[] = [];
    for (let one = 0; one < bursts; one++) went.push(await measured(up, together, burst));
    const steadily = await measured(up, steady, pacing(steady, steadyMs));
    printTable([
      ["ledger events to analytics", "a minute", "median, ms", "p99, ms"],
      line(`${apart} events, ${apartMs} ms apart`, [paced]),
      line(`${together} events at once, the first time`, went.slice(0, 1)),
      line(`${together} events at once, then: the middle of ${bursts - 1}`, went.slice(1)),
      line(`${steady} events, ${steadyMs} ms apart, after those`, [steadily]),
    ]);
    const { Count = 0 } = await clients.dynamodb.send(
      new ScanCommand({ TableName: `${prefix}dead-letters`, Select: "COUNT" }),
    );
    console.log(`errors: ${Count} of ${told} events in the dead letters`);
    if (Count > 0) throw new Error("events ended in the dead letters");
  } finally {
    await up.close();
  }
  await audit();
};
