import { Consumer } from "../infra/consumer";
import { publishTo, setting, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { pollenationNeeded } from "./processing/events/pollenationNeeded";

/** Queues the fetching of what is stale of a company, when somebody asks for its data. */
export const pollination = ({ settings, tables, bus }: Platform): Consumer =>
  new Consumer(
    "pollination",
    {
      bus,
      events: [pollenationNeeded],
      function: {
        description: "Queues the fetching of a company's stale data",
        timeout: 60,
        memory: 256,
        needs: [
          useTable(tables.assets, ["BatchGetItem"]),
          useTable(tables["processing-state"], ["BatchGetItem", "PutItem"]),
          useTable(tables["earnings-calendar"], [], { table: true }),
          useTable(tables["queue-tracking"], ["GetItem", "PutItem", "UpdateItem"]),
          useTable(tables["event-store"], ["GetItem", "PutItem", "UpdateItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
          publishTo(bus),
        ],
        callbackFactory: () => {
          const { pollination } = require("./processing/pollination") as typeof import("./processing/pollination");
          return (batch, context) => pollination(batch, context);
        },
      },
    },
    settings,
  );
