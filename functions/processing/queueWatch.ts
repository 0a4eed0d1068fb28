import { scheduled } from "./consume/scheduled";
import { watchQueue } from "./work/watch";

export const queueWatch = scheduled("queueWatch", async (run) => {
  const figures = await watchQueue(run);
  run.log.info("looked at the work that waits", { ...figures });
  return figures;
});
