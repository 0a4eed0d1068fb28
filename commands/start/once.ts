import type { Signal9Outputs } from "../../infra/outputs";
import type { EmbeddedCloud } from "../../local/embedded";
import { makeClients } from "./clients";
import { runExperiment } from "./experiment";
import { runLedgerMorning } from "./ledgerMorning";
import { billLines, experimentReport, ledgerReport, samplesTable, tradingDayReport } from "./print";
import { sendSamples } from "./sampleEvents";
import { sideBySide } from "./sideBySide";
import { runTradingDay } from "./tradingDay";

/** Answers the exit status: nothing may be lost or doubled. */
export const runOnce = async (up: EmbeddedCloud, outputs: Signal9Outputs, json: boolean): Promise<number> => {
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
