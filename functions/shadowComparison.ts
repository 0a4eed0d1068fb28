import { setting, useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { indexes } from "./processing/eventStore/keys";
import { shadowIndex } from "./processing/outbox/record";
import { tellOfBooks } from "./publishing";

/** Compares what became of events by the bus with what the direct path would have made of them. */
export const shadowComparison = (platform: Platform): Schedule => {
  const { settings, tables } = platform;
  return new Schedule(
    "shadow-comparison",
    {
      triggers: { compare: "rate(5 minutes)" },
      function: {
        description: "Compares what the bus and the direct path made of the ledger's events",
        timeout: 240,
        memory: 256,
        needs: [
          useTable(tables["event-store"], ["BatchGetItem", "PutItem", "UpdateItem"], {
            indexes: [indexes.correlation, indexes.user],
            scannedIndexes: [shadowIndex],
          }),
          useTable(tables.effects, ["GetItem"]),
          useTable(tables["analytics-status"], ["GetItem", "BatchGetItem"]),
          useTable(tables.notifications, ["GetItem"]),
          useTable(tables.transactions, ["BatchGetItem"]),
          useTable(tables.files, ["BatchGetItem"]),
          useTable(tables.accounts, ["BatchGetItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
          ...tellOfBooks(platform),
        ],
        callbackFactory: () => {
          const { shadowComparison } =
            require("./processing/shadowComparison") as typeof import("./processing/shadowComparison");
          return (event, context) => shadowComparison(event, context);
        },
      },
    },
    settings,
  );
};
