import { publishTo, setting, useObjects, useTable } from "../infra/grants";
import { Lambda } from "../infra/lambda";
import type { Platform } from "./platform";

/** Third step of an analysis: the rating, or why there is none, becomes part of the company's history. */
export const resultStorage = ({ settings, tables, buckets, bus }: Platform): Lambda =>
  new Lambda(
    "result-storage",
    {
      description: "Stores a company's rating and tells that it is there",
      timeout: 300,
      memory: 512,
      needs: [
        useTable(tables["asset-analysis"], ["GetItem", "PutItem"]),
        useTable(tables["queue-tracking"], ["PutItem"]),
        useTable(tables["event-store"], ["PutItem", "UpdateItem"]),
        useObjects(buckets["analysis-results"]),
        setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
        publishTo(bus),
      ],
      callbackFactory: () => {
        const { resultStorage } = require("./processing/resultStorage") as typeof import("./processing/resultStorage");
        return (input, context) => resultStorage(input, context);
      },
    },
    settings,
  );
