import { scheduled } from "./consume/scheduled";
import { keepUp } from "./ledger/upkeep/sweep";

export const ledgerUpkeep = scheduled("ledgerUpkeep", async (run) => {
  const kept = await keepUp(run);
  run.log.info("kept up", { ...kept });
  return kept;
});
