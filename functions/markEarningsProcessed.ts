import { Consumer } from "../infra/consumer";
import { setting, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { earningsProcessed } from "./processing/events/earningsProcessed";

/** Closes the earnings calendar's entry once the report has been ingested, so that it is not fetched again. */
export const markEarningsProcessed = ({ settings, tables, bus }: Platform): Consumer =>
  new Consumer(
    "mark-earnings-processed",
    {
      bus,
      events: [earningsProcessed],
      function: {
        description: "Marks a company's earnings report as processed",
        timeout: 30,
        memory: 256,
        needs: [
          useTable(tables["earnings-calendar"], ["GetItem", "PutItem"]),
          useTable(tables["event-store"], ["PutItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
        ],
        callbackFactory: () => {
          const { markEarningsProcessed } =
            require("./processing/markEarningsProcessed") as typeof import("./processing/markEarningsProcessed");
          return (batch, context) => markEarningsProcessed(batch, context);
        },
      },
    },
    settings,
  );
