import { publishTo, setting, useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { knowBudget } from "./providers";

/** 06:00 UTC for companies that reported, 07:00 UTC for all: whose data is fetched today. */
export const pollinationPlanner = (platform: Platform): Schedule => {
  const { settings, tables, bus } = platform;
  return new Schedule(
    "pollination-planner",
    {
      triggers: { earnings: "cron(0 6 * * ? *)", regular: "cron(0 7 * * ? *)" },
      function: {
        description: "Picks the companies whose data is fetched, within the day's budget of calls",
        timeout: 300,
        memory: 512,
        needs: [
          ...knowBudget(platform),
          useTable(tables.assets, [], { scan: true }),
          useTable(tables["processing-state"], [], { scan: true }),
          useTable(tables["earnings-calendar"], [], { indexes: ["by-date"] }),
          useTable(tables["queue-tracking"], [], { indexes: ["by-queue"] }),
          useTable(tables.effects, ["GetItem", "PutItem", "DeleteItem"]),
          useTable(tables["event-store"], ["PutItem", "UpdateItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
          ...(settings.watchlist.length > 0 ? [setting("WATCHLIST", settings.watchlist.join(" "))] : []),
          publishTo(bus),
        ],
        callbackFactory: () => {
          const { pollinationPlanner } =
            require("./processing/pollinationPlanner") as typeof import("./processing/pollinationPlanner");
          return (event, context) => pollinationPlanner(event, context);
        },
      },
    },
    settings,
  );
};
