import { mkdirSync } from "node:fs";
import type { Signal9Outputs } from "../../infra/outputs";
import { type EmbeddedCloud, type EmbeddedOptions, startEmbeddedCloud } from "../../local/embedded";
import { nextAt } from "../nextAt";
import { makeClients } from "./clients";
import { runExperiment } from "./experiment";
import { listenForKeys } from "./keys";
import { runLedgerMorning } from "./ledgerMorning";
import { liveKeys, standInPlan } from "./live";
import { billLines, experimentReport, ledgerReport, samplesTable, startUpList, tradingDayReport } from "./print";
import { progress } from "./progress";
import { watchForChanges } from "./reload";
import { sendSamples } from "./sampleEvents";
import { sideBySide } from "./sideBySide";
import { firstHour, runTradingDay } from "./tradingDay";

export interface Wanted extends Required<Pick<EmbeddedOptions, "root" | "stack" | "port" | "program">> {
  dataFolder: string | undefined;
  once: boolean;
  json: boolean;
  live: boolean;
  quiet: boolean;
}

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
  const [samples, ledger, experiment] = await sideBySide(
    up,
    ({ settle, cloud }) => sendSamples(clients, outputs, settle, cloud.newId()),
    (beside) => runLedgerMorning(beside, clients, outputs),
    (beside) => runExperiment(beside, clients, outputs),
  );
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

/** Brings the platform up, does what is wanted of it, and stops it. */
export const run = async ({ program, ...wanted }: Wanted, signal: AbortSignal): Promise<void> => {
  const { root, stack, port, dataFolder } = wanted;
  if (dataFolder) mkdirSync(dataFolder, { recursive: true });
  const bar = progress(!wanted.quiet);
  const up = await startEmbeddedCloud({
    signal,
    root,
    stack,
    port,
    program,
    ...(dataFolder && { dataFolder }),
    onResource: bar.step,
    // A trading day begins in the small hours: the clock is turned there before anything runs by it.
    ...(wanted.once && { startAt: nextAt(firstHour - 0.1) }),
    ...(wanted.live ? { live: liveKeys(process.env) } : { settings: standInPlan }),
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
    if (!wanted.quiet) console.log([startUpList(up), ...up.services.notices().map((line) => `  ${line}\n`)].join("\n"));
    if (wanted.once) {
      const interrupted = aborted(signal).then(() => interruptedStatus(signal));
      process.exitCode = await Promise.race([runOnce(up, outputs, wanted.json), interrupted]);
      return;
    }
    const tell = (line: string) => console.log(line);
    const unwatch = watchForChanges(up, root, tell);
    await stopped(signal, (quit) => listenForKeys(up, makeClients(up.url), outputs, tell, quit));
    unwatch();
  } finally {
    await up.close();
  }
};
