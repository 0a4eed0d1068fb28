import { scheduled } from "./consume/scheduled";
import { countWaiting } from "./deadLetters/count";
import { countPutAside } from "./deadLetters/putAside";
import { metricNames } from "./observe/metrics";

export const deadLetterWatch = scheduled("deadLetterWatch", async (run) => {
  const waiting = await countWaiting(run);
  run.meter.add(metricNames.deadLettersWaiting, waiting);
  const putAside = await countPutAside(run);
  run.meter.add(metricNames.batchesPutAside, putAside);
  run.log.info("counted the dead letters", { waiting, putAside });
  return { waiting, putAside };
});
