import { Consumer } from "../infra/consumer";
import { publishTo, setting, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { largestBatch } from "./processing/events/analysisNeeded";
import { pollinationComplete } from "./processing/events/pollinationComplete";

/** How long the last few companies of a round wait for others to fill their batch. */
const batchWindowSeconds = 60;

/** Gathers companies whose data is complete, and calls for their analysis together. */
export const analysisBatches = ({ settings, tables, bus }: Platform): Consumer =>
  new Consumer(
    "analysis-batches",
    {
      bus,
      events: [pollinationComplete],
      batchSize: largestBatch,
      batchWindowSeconds,
      function: {
        description: "Gathers companies to be analysed in batches",
        timeout: 30,
        memory: 256,
        needs: [
          useTable(tables.effects, ["BatchGetItem", "PutItem"]),
          useTable(tables["event-store"], ["PutItem", "UpdateItem"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
          publishTo(bus),
        ],
        callbackFactory: () => {
          const { analysisBatches } =
            require("./processing/analysisBatches") as typeof import("./processing/analysisBatches");
          return (batch, context) => analysisBatches(batch, context);
        },
      },
    },
    settings,
  );
