import { Lambda } from "../infra/lambda";
import type { Network } from "../infra/network";
import { administerSearch } from "../infra/search";
import type { Settings } from "../infra/settings";

/** Runs on deployment: makes the indices, and lets the functions' roles in. There before the domain, as its master. */
export const createIndices = (network: Network, settings: Settings): Lambda =>
  new Lambda(
    "create-indices",
    {
      description: "Makes the indices of the search domain, and admits the functions that use them",
      timeout: 600,
      memory: 256,
      network,
      needs: [administerSearch()],
      callbackFactory: () => {
        const { createIndices } = require("./processing/createIndices") as typeof import("./processing/createIndices");
        return (input, context) => createIndices(input, context);
      },
    },
    settings,
  );
