import { DeadLetterDrain, type DeadLetterSources } from "../infra/deadLetters";
import { keepObjects, notify, useTable } from "../infra/grants";
import type { Platform } from "./platform";

/** Drains every dead letter queue into one table, from which letters are listed, redriven and discarded. */
export const dlqProcessor = (platform: Platform, sources: DeadLetterSources): DeadLetterDrain => {
  const { settings, tables, buckets, topics } = platform;
  return new DeadLetterDrain(
    "dlq-processor",
    {
      ...sources,
      function: {
        description: "Stores dead letters where they can be found, and tells of them",
        memory: 256,
        needs: [
          useTable(tables["dead-letters"], ["GetItem", "PutItem"]),
          keepObjects(buckets["dead-letters"]),
          useTable(tables.effects, ["GetItem", "PutItem", "DeleteItem"]),
          notify(topics, "dlq-notifications"),
        ],
        callbackFactory: () => {
          const { dlqProcessor } = require("./processing/dlqProcessor") as typeof import("./processing/dlqProcessor");
          return (batch, context) => dlqProcessor(batch, context);
        },
      },
    },
    settings,
  );
};
