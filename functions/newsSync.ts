import { useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { callAlphaVantage } from "./providers";

/** Every hour, and in as many of them as the budget has calls for: what is written about the companies. */
export const newsSync = (platform: Platform): Schedule =>
  new Schedule(
    "news-sync",
    {
      triggers: { hourly: "cron(0 * * * ? *)" },
      function: {
        description: "Takes over news, with the companies they are about",
        timeout: 120,
        memory: 512,
        needs: [
          ...callAlphaVantage(platform),
          useTable(platform.tables.assets, ["BatchGetItem"]),
          useTable(platform.tables.news, ["BatchGetItem", "BatchWriteItem", "PutItem"]),
          useTable(platform.tables["queue-tracking"], ["PutItem"]),
          useTable(platform.tables["processing-state"], ["GetItem", "PutItem"]),
          useTable(platform.tables.effects, ["GetItem", "PutItem", "DeleteItem"]),
        ],
        callbackFactory: () => {
          const { newsSync } = require("./processing/newsSync") as typeof import("./processing/newsSync");
          return (event, context) => newsSync(event, context);
        },
      },
    },
    platform.settings,
  );
