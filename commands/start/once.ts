import type { Signal9Outputs } from "../../infra/outputs";
import type { EmbeddedCloud } from "../../local/embedded";
import { visibleJson } from "../visible";
import { makeClients } from "./clients";
import { runExperiment } from "./experiment";
import { runLedgerMorning } from "./ledgerMorning";
import { billLines, experimentReport, ledgerReport, samplesTable, tradingDayReport, troublesTable } from "./print";
import { sendSamples } from "./sampleEvents";
import { sideBySide } from "./sideBySide";
import { runTradingDay } from "./tradingDay";
import { neverWorked, type Trouble, troublesIn } from "./troubles";
import { type Watch, watchOver } from "./watchOver";

interface Wanted {
  json: boolean;
  quiet: boolean;
}

const demonstrate = async (
  up: EmbeddedCloud,
  outputs: Signal9Outputs,
  json: boolean,
  watch: Watch,
  signal: AbortSignal,
): Promise<number> => {
  const startedAt = performance.now();
  const clients = makeClients(up.url);
  const tell = (report: string): void => {
    if (!json) console.log(`${report}\n`);
  };
  watch.during("a trading day");
  const day = await runTradingDay(up, clients, outputs);
  signal.throwIfAborted();
  watch.during("events of each kind, a person with the ledger, an experiment");
  tell(tradingDayReport(day));
  const [samples, ledger, experiment] = await sideBySide(
    up,
    ({ settle, cloud }) => sendSamples(clients, outputs, settle, cloud.newId()),
    (beside) => runLedgerMorning(beside, clients, outputs),
    (beside) => runExperiment(beside, clients, outputs),
  );
  signal.throwIfAborted();
  watch.end();
  const troubles = troublesIn(up);
  for (const report of [samplesTable(samples), ledgerReport(ledger), experimentReport(experiment)]) tell(report);
  if (troubles.length > 0) tell(troublesTable(troubles));
  const ms = Math.round(performance.now() - startedAt);
  if (json) {
    const { stack, resources } = up.run;
    const startedInMs = Math.round(up.startedInMs);
    const about = { stack, resources: resources.length, startedInMs, tookMs: ms };
    const bill = up.cloud.meter.bill();
    console.log(visibleJson({ ...about, day, samples, ledger, experiment, troubles, bill }));
  } else console.log(`  all in ${ms} ms\n${billLines(up)}`);
  const wrong = [day.lost, samples.lost, samples.doubled, ledger.lost, experiment.lost, troubles.filter(neverWorked)];
  return wrong.some((some) => some.length > 0) ? 1 : 0;
};

/**
 * Answers the exit status: nothing may be lost or doubled, and every function that was invoked must have worked. Once it is
 * interrupted it rejects, and says nothing of what fails by that.
 */
export const runOnce = async (
  up: EmbeddedCloud,
  outputs: Signal9Outputs,
  { json, quiet }: Wanted,
  signal: AbortSignal,
): Promise<number> => {
  const watch = watchOver(up, !quiet);
  const giveUp = (troubles: readonly Trouble[], why: string): number => {
    signal.throwIfAborted();
    watch.end();
    console.error(`${troublesTable(troubles)}\n\n${why}`);
    return 1;
  };
  const hopeless = watch.hopeless.then((trouble) =>
    giveUp([trouble], "What it was given is not lost, but comes again for hours: given up."),
  );
  const demonstrated = demonstrate(up, outputs, json, watch, signal).catch((error: Error) => {
    const troubles = troublesIn(up);
    if (troubles.length === 0) throw error;
    return giveUp(troubles, `The demonstration could not go on: ${error.message}`);
  });
  return Promise.race([demonstrated, hopeless]).finally(watch.end);
};
