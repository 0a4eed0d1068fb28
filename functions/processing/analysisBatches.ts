import { gather, type PollinationComplete } from "./batching/gather";
import { consume } from "./consume/consume";
import { together } from "./consume/together";
import { pollinationComplete } from "./events/pollinationComplete";

export const analysisBatches = consume({
  name: "analysisBatches",
  accepts: [pollinationComplete],
  handle: together<PollinationComplete>(gather),
});
