import { consume } from "./consume/consume";
import { together } from "./consume/together";
import { analysisComplete } from "./events/analysisComplete";
import type { PlatformEvent } from "./events/definition";
import { pollinationComplete } from "./events/pollinationComplete";
import { drain } from "./search/drain";

type Doorbell = PlatformEvent<typeof analysisComplete | typeof pollinationComplete>;

/** Whichever company an event is about: all that waits is indexed. */
export const searchIndexing = consume({
  name: "searchIndexing",
  accepts: [analysisComplete, pollinationComplete],
  handle: together<Doorbell>(async (_, run) => {
    const { done, later, stopped } = await drain(run);
    return `${done} done, ${later} to be tried again${stopped ? `: ${stopped}` : ""}`;
  }),
});
