import { scheduled } from "./consume/scheduled";
import { compare } from "./search/compare";
import { drain } from "./search/drain";

/** By the trigger's name: what waits is indexed, or everything that should be found is held against what can be. */
export const searchRepair = scheduled("searchRepair", async (run, { trigger }) => {
  const result = trigger === "compare" ? await compare(run) : await drain(run);
  run.log.info("repaired the search index", { trigger, ...result });
  return result;
});
