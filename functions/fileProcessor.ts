import { Consumer } from "../infra/consumer";
import { readVersions, setting, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { tellOfBooks } from "./publishing";

/** Reads the statements that people upload, and stores what is in them. */
export const fileProcessor = (platform: Platform): Consumer => {
  const { settings, tables, uploads } = platform;
  return new Consumer(
    "file-processor",
    {
      uploads,
      batchSize: 1,
      feedsItself: true,
      function: {
        description: "Reads uploaded statements into transactions",
        timeout: 300,
        // A whole processor, which reading 50 MB keeps busy; the memory itself stays mostly free.
        memory: 1769,
        needs: [
          readVersions(uploads.bucket),
          useTable(tables.files, ["GetItem", "BatchGetItem", "PutItem"], { table: true }),
          useTable(tables.accounts, ["GetItem", "BatchGetItem", "ConditionCheckItem"]),
          useTable(tables.transactions, ["BatchGetItem", "PutItem"]),
          useTable(tables["event-store"], ["PutItem", "UpdateItem"]),
          useTable(tables.effects, ["GetItem", "PutItem", "DeleteItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
          ...tellOfBooks(platform),
        ],
        callbackFactory: () => {
          const { fileProcessor } =
            require("./processing/fileProcessor") as typeof import("./processing/fileProcessor");
          return (batch, context) => fileProcessor(batch, context);
        },
      },
    },
    settings,
  );
};
