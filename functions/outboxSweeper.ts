import { useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { pendingIndex } from "./processing/outbox/record";
import { tellOfEverything } from "./publishing";

/** Publishes events that were stored but did not reach the bus. */
export const outboxSweeper = (platform: Platform): Schedule =>
  new Schedule(
    "outbox-sweeper",
    {
      triggers: { sweep: "rate(5 minutes)" },
      function: {
        description: "Publishes events that stayed pending in the event store",
        timeout: 120,
        memory: 256,
        needs: [
          useTable(platform.tables["event-store"], ["UpdateItem"], { scannedIndexes: [pendingIndex] }),
          useTable(platform.tables.effects, ["PutItem", "DeleteItem"]),
          ...tellOfEverything(platform),
        ],
        callbackFactory: () => {
          const { outboxSweeper } =
            require("./processing/outboxSweeper") as typeof import("./processing/outboxSweeper");
          return (event, context) => outboxSweeper(event, context);
        },
      },
    },
    platform.settings,
  );
