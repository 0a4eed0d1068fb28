import { scheduled } from "./consume/scheduled";
import { countWaiting } from "./deadLetters/count";
import { metricNames } from "./observe/metrics";

export const deadLetterWatch = scheduled("deadLetterWatch", async (run) => {
  const waiting = await countWaiting(run);
  run.meter.add(metricNames.deadLettersWaiting, waiting);
  run.log.info("counted the dead letters", { waiting });
  return { waiting };
});
