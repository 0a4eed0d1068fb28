import { Consumer } from "../infra/consumer";
import { type Need, setting, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { categorizedAfter } from "./processing/categorization/heard";
import { tellOfBooks } from "./publishing";

/** To put somebody's transactions into the categories of their rules. */
export const categorizeTransactions = (platform: Platform): Need[] => {
  const { settings, tables } = platform;
  return [
    useTable(tables["category-rules"], [], { table: true }),
    useTable(tables.transactions, ["BatchGetItem", "PutItem"], { table: true }),
    useTable(tables.files, ["BatchGetItem"]),
    useTable(tables.accounts, ["BatchGetItem"]),
    useTable(tables["event-store"], ["PutItem", "UpdateItem"]),
    setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
    ...tellOfBooks(platform),
  ];
};

/** Puts new transactions into the categories of their owner's rules. */
export const categorization = (platform: Platform): Consumer =>
  new Consumer(
    "categorization",
    {
      bus: platform.bus,
      events: categorizedAfter,
      function: {
        description: "Applies category rules to transactions that are in no category",
        timeout: 120,
        memory: 256,
        needs: categorizeTransactions(platform),
        callbackFactory: () => {
          const { categorization } =
            require("./processing/categorization") as typeof import("./processing/categorization");
          return (batch, context) => categorization(batch, context);
        },
      },
    },
    platform.settings,
  );
