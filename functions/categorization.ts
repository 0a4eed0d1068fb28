import { Consumer } from "../infra/consumer";
import { publishTo, setting, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { categorizedAfter } from "./processing/categorization/automatic";

/** Puts new transactions into the categories of their owner's rules. */
export const categorization = ({ settings, tables, bus }: Platform): Consumer =>
  new Consumer(
    "categorization",
    {
      bus,
      events: categorizedAfter,
      function: {
        description: "Applies category rules to transactions that are in no category",
        timeout: 120,
        memory: 256,
        needs: [
          useTable(tables["category-rules"], [], { table: true }),
          useTable(tables.transactions, ["BatchGetItem", "PutItem"], { table: true }),
          useTable(tables.files, ["BatchGetItem"]),
          useTable(tables.accounts, ["BatchGetItem"]),
          useTable(tables["event-store"], ["PutItem", "UpdateItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
          publishTo(bus),
        ],
        callbackFactory: () => {
          const { categorization } =
            require("./processing/categorization") as typeof import("./processing/categorization");
          return (batch, context) => categorization(batch, context);
        },
      },
    },
    settings,
  );
