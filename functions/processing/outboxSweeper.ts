import { scheduled } from "./consume/scheduled";
import { reportSweep, sweep } from "./outbox/sweep";

export const outboxSweeper = scheduled("outboxSweeper", async (run) => {
  const swept = await sweep(run);
  reportSweep(swept, run);
  return swept;
});
