import { useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { callAlpaca } from "./providers";

/** 04:00 UTC: which companies are traded. */
export const assetSync = (platform: Platform): Schedule =>
  new Schedule(
    "asset-sync",
    {
      triggers: { daily: "cron(0 4 * * ? *)" },
      function: {
        description: "Takes over which companies are listed, delisted and renamed",
        timeout: 600,
        memory: 512,
        needs: [
          ...callAlpaca(platform),
          useTable(platform.tables.assets, ["UpdateItem"], { scan: true }),
          useTable(platform.tables["processing-state"], ["GetItem", "PutItem"]),
          useTable(platform.tables.effects, ["GetItem", "PutItem", "DeleteItem"]),
        ],
        callbackFactory: () => {
          const { assetSync } = require("./processing/assetSync") as typeof import("./processing/assetSync");
          return (event, context) => assetSync(event, context);
        },
      },
    },
    platform.settings,
  );
