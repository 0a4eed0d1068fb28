import { resolve } from "node:path";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { Signal9Outputs } from "../../infra/outputs";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../local/embedded";
import { nextAt } from "../nextAt";
import { type Clients, makeClients } from "../start/clients";
import { runExperiment } from "../start/experiment";
import { firstHour } from "../start/hours";
import { runLedgerMorning } from "../start/ledgerMorning";
import { standInPlan } from "../start/live";
import { sendSamples } from "../start/sampleEvents";
import { runTradingDay } from "../start/tradingDay";

const minuteMs = 60_000;

const questions = ["apple", "airline earnings", "therapeutics", "chemicals", "strong buy"];

const ask = async ({ lambda }: Clients, { bus }: Signal9Outputs): Promise<void> => {
  const FunctionName = bus.name.replace(/events$/, "search");
  for (const text of questions) {
    await lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify({ text })) }));
  }
};

/** What people and other teams do in each hour of the day. */
const businessOf = (up: EmbeddedCloud, clients: Clients, outputs: Signal9Outputs) => {
  const ledger = () => runLedgerMorning(up, clients, outputs);
  const samples = () => sendSamples(clients, outputs, up.settle, up.cloud.newId());
  const experiment = () => runExperiment(up, clients, outputs);
  const search = () => ask(clients, outputs);
  const hours: (() => Promise<unknown>)[][] = [
    [ledger],
    [samples, ledger, search],
    [experiment, ledger],
    [search, samples, ledger],
    [ledger, search],
  ];
  return async (hour: number): Promise<void> => {
    for (const business of hours[hour - firstHour] ?? []) {
      await up.turn(12 * minuteMs);
      await business();
      await up.settle();
    }
  };
};

/** The demonstration's day on a cloud of its own, its business spread over the hours, looked at some minutes after. */
export const withDay = async <Seen>(stack: string, look: (up: EmbeddedCloud, clients: Clients) => Promise<Seen>) => {
  const up = await startEmbeddedCloud({
    root: resolve(__dirname, "../.."),
    stack,
    port: 0,
    startAt: nextAt(firstHour - 0.1),
    settings: standInPlan,
  });
  try {
    const clients = makeClients(up.url);
    const outputs = up.run.outputs as unknown as Signal9Outputs;
    await runTradingDay(up, clients, outputs, businessOf(up, clients, outputs));
    await up.turn(20 * minuteMs);
    await up.idle();
    return await look(up, clients);
  } finally {
    await up.close();
  }
};
