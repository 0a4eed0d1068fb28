import { once } from "./aws/client";
import { scheduled } from "./consume/scheduled";
import { dueDays, foldDays } from "./stream/count/foldDays";
import { makeMemory } from "./stream/memory";

const memory = once(makeMemory);

export const experimentDays = scheduled("experimentDays", async (run, { time }) => {
  const days = dueDays(time);
  const logs = await foldDays(days, memory().windows, run);
  run.log.info("brought days of experiments up to date", { days, logs });
  return { days, logs };
});
