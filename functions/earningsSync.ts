import { setting, useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { callAlphaVantage } from "./providers";

/** 05:00 UTC: who reports when. */
export const earningsSync = (platform: Platform): Schedule => {
  const { settings, tables } = platform;
  return new Schedule(
    "earnings-sync",
    {
      triggers: { daily: "cron(0 5 * * ? *)" },
      function: {
        description: "Takes over the earnings calendar",
        timeout: 300,
        memory: 512,
        needs: [
          ...callAlphaVantage(platform),
          useTable(tables.assets, [], { scan: true }),
          useTable(tables["earnings-calendar"], ["PutItem"], { table: true, indexes: ["by-date"] }),
          useTable(tables["processing-state"], ["GetItem", "PutItem"]),
          useTable(tables["event-store"], ["PutItem"]),
          useTable(tables.effects, ["GetItem", "PutItem", "DeleteItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
        ],
        callbackFactory: () => {
          const { earningsSync } = require("./processing/earningsSync") as typeof import("./processing/earningsSync");
          return (event, context) => earningsSync(event, context);
        },
      },
    },
    settings,
  );
};
