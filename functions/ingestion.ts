import { Consumer } from "../infra/consumer";
import { publishTo, setting, useCache, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { dataIngestionNeeded } from "./processing/events/dataIngestionNeeded";
import { callAlphaVantage } from "./providers";

/** Fetches, checks and stores a company's data, the most urgent first, as far as the budget of calls goes. */
export const ingestion = (platform: Platform): Consumer => {
  const { settings, network, tables, cache, bus } = platform;
  const reports = [
    tables["company-overview"],
    tables.earnings,
    tables["income-statement"],
    tables["balance-sheet"],
    tables["cash-flow"],
  ];
  return new Consumer(
    "ingestion",
    {
      bus,
      events: [dataIngestionNeeded],
      batchSize: 5,
      feedsItself: true,
      function: {
        description: "Fetches and stores a company's data from its provider",
        timeout: 120,
        memory: 512,
        network,
        needs: [
          ...callAlphaVantage(platform),
          ...reports.map((table) => useTable(table, ["GetItem", "PutItem", "BatchWriteItem"])),
          useTable(tables.assets, ["BatchGetItem"]),
          useTable(tables["processing-state"], ["GetItem", "PutItem"]),
          useTable(tables["queue-tracking"], ["GetItem", "PutItem", "UpdateItem"], { indexes: ["by-queue"] }),
          useTable(tables["earnings-calendar"], [], { table: true }),
          useTable(tables["event-store"], ["GetItem", "PutItem", "UpdateItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
          useCache(cache),
          publishTo(bus),
        ],
        callbackFactory: () => {
          const { ingestion } = require("./processing/ingestion") as typeof import("./processing/ingestion");
          return (batch, context) => ingestion(batch, context);
        },
      },
    },
    settings,
  );
};
