import { useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import { indexing } from "./indexing";
import type { Platform } from "./platform";

/**
 * Every 15 minutes, what waits to be indexed: news, and what could not be indexed while the domain was down. After the night's
 * sync of assets, everything is held against the tables.
 */
export const searchRepair = (platform: Platform): Schedule =>
  new Schedule(
    "search-repair",
    {
      triggers: { drain: "rate(15 minutes)", compare: "cron(30 4 * * ? *)" },
      function: {
        description: "Indexes what was missed, and what differs from the tables",
        timeout: 300,
        memory: 512,
        network: platform.network,
        needs: [
          ...indexing(platform),
          useTable(platform.tables.assets, [], { scan: true }),
          useTable(platform.tables.news, [], { scan: true }),
        ],
        callbackFactory: () => {
          const { searchRepair } = require("./processing/searchRepair") as typeof import("./processing/searchRepair");
          return (event, context) => searchRepair(event, context);
        },
      },
    },
    platform.settings,
  );
