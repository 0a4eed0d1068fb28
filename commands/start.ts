import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Signal9Outputs } from "../infra/outputs";
import { type EmbeddedCloud, startEmbeddedCloud } from "../local/embedded";
import { UserError } from "../local/engine/stackFile";
import { command, readArgs } from "./commandLine";
import { nextAt } from "./nextAt";
import { makeClients } from "./start/clients";
import { runExperiment } from "./start/experiment";
import { listenForKeys } from "./start/keys";
import { runLedgerMorning } from "./start/ledgerMorning";
import { liveKeys, standInPlan } from "./start/live";
import { billLines, experimentReport, ledgerReport, samplesTable, startUpList, tradingDayReport } from "./start/print";
import { progress } from "./start/progress";
import { watchForChanges } from "./start/reload";
import { sendSamples } from "./start/sampleEvents";
import { firstHour, runTradingDay } from "./start/tradingDay";

const usage = `Usage: npm start [-- OPTIONS]

Brings the whole platform up on this machine: no AWS account, no Docker.

  --once        run a trading day, one event of each kind, a person's morning with the ledger, and an experiment of
                10,000 records; show what came of them, stop; status 0 if nothing was lost
  --live        call the real providers, with the keys in ALPACA_KEY_ID, ALPACA_SECRET_KEY, ALPHA_VANTAGE_KEY
  --json        print the result for machines (with --once)
  --stack NAME  the stack whose settings are used (default dev)
  --port N      the port of the endpoint on 127.0.0.1 (default 4566; 0 takes any that is free)
  --data DIR    keep data, messages, work under way, secrets, logs, metrics and the time in DIR across restarts
  --quiet       print results only
  --help        this text`;

const options = {
  once: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  live: { type: "boolean", default: false },
  stack: { type: "string", default: "dev" },
  port: { type: "string", default: "4566" },
  data: { type: "string" },
  quiet: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const portOf = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UserError(`--port must be a number from 0 to 65535, not ${text}`);
};

/** Aborts at the first Ctrl-C; a second one ends at once, as it always does. */
const interruption = (): AbortSignal => {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort(signal));
  return interrupted.signal;
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });

/** Until somebody asks to stop, by a key or a signal. */
const stopped = async (signal: AbortSignal, listen: (quit: () => void) => () => void): Promise<void> => {
  let silence: () => void = () => undefined;
  const asked = new Promise<void>((quit) => {
    silence = listen(quit);
  });
  await Promise.race([asked, aborted(signal)]);
  silence();
};

/** As a shell reports it of who ends by a signal. */
const interruptedStatus = (signal: AbortSignal): number => 128 + (signal.reason === "SIGTERM" ? 15 : 2);

/** Answers the exit status: nothing may be lost or doubled. */
const runOnce = async (up: EmbeddedCloud, outputs: Signal9Outputs, json: boolean): Promise<number> => {
  const startedAt = performance.now();
  const clients = makeClients(up.url);
  const day = await runTradingDay(up, clients, outputs);
  const samples = await sendSamples(clients, outputs, up.settle, up.cloud.newId());
  const ledger = await runLedgerMorning(up, clients, outputs);
  const experiment = await runExperiment(up, clients, outputs);
  const ms = Math.round(performance.now() - startedAt);
  if (json) {
    const { stack, resources } = up.run;
    const startedInMs = Math.round(up.startedInMs);
    const about = { stack, resources: resources.length, startedInMs, tookMs: ms };
    console.log(
      JSON.stringify({ ...about, day, samples, ledger, experiment, bill: up.cloud.meter.bill() }, undefined, 2),
    );
  } else {
    console.log(
      `${tradingDayReport(day)}\n${samplesTable(samples)}\n\n${ledgerReport(ledger)}\n\n${experimentReport(experiment)}\n\n  all in ${ms} ms\n${billLines(up)}`,
    );
  }
  return [day.lost, samples.lost, samples.doubled, ledger.lost, experiment.lost].some((wrong) => wrong.length > 0)
    ? 1
    : 0;
};

command(async (args) => {
  const given = readArgs(args, options, usage);
  if (given.help) return console.log(usage);
  const quiet = given.quiet || given.json;
  const root = resolve(__dirname, "..");
  const port = portOf(given.port);
  const dataFolder = given.data === undefined ? undefined : resolve(given.data);
  if (dataFolder) mkdirSync(dataFolder, { recursive: true });
  const bar = progress(!quiet);
  const signal = interruption();
  const up = await startEmbeddedCloud({
    signal,
    root,
    stack: given.stack,
    port,
    ...(dataFolder && { dataFolder }),
    onResource: bar.step,
    // A trading day begins in the small hours: the clock is turned there before anything runs by it.
    ...(given.once && { startAt: nextAt(firstHour - 0.1) }),
    ...(given.live ? { live: liveKeys(process.env) } : { settings: standInPlan }),
  })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    })
    .finally(bar.end);
  if (!up) {
    process.exitCode = interruptedStatus(signal);
    return;
  }
  try {
    const outputs = up.run.outputs as unknown as Signal9Outputs;
    if (!quiet) console.log([startUpList(up), ...up.services.notices().map((line) => `  ${line}\n`)].join("\n"));
    if (given.once) {
      const interrupted = aborted(signal).then(() => interruptedStatus(signal));
      process.exitCode = await Promise.race([runOnce(up, outputs, given.json), interrupted]);
      return;
    }
    const tell = (line: string) => console.log(line);
    const unwatch = watchForChanges(up, root, tell);
    await stopped(signal, (quit) => listenForKeys(up, makeClients(up.url), outputs, tell, quit));
    unwatch();
  } finally {
    await up.close();
  }
});
