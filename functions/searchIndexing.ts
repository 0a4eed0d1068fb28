import { Consumer } from "../infra/consumer";
import { indexing } from "./indexing";
import type { Platform } from "./platform";
import { analysisComplete } from "./processing/events/analysisComplete";
import { pollinationComplete } from "./processing/events/pollinationComplete";

/** Indexes what is new of a company once its data is complete, and once it is rated. */
export const searchIndexing = (platform: Platform): Consumer =>
  new Consumer(
    "search-indexing",
    {
      bus: platform.bus,
      events: [analysisComplete, pollinationComplete],
      batchWindowSeconds: 5,
      function: {
        description: "Indexes what waits to be found",
        timeout: 120,
        memory: 512,
        network: platform.network,
        needs: indexing(platform),
        callbackFactory: () => {
          const { searchIndexing } =
            require("./processing/searchIndexing") as typeof import("./processing/searchIndexing");
          return (batch, context) => searchIndexing(batch, context);
        },
      },
    },
    platform.settings,
  );
