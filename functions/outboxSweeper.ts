import { publishTo, useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { pendingIndex } from "./processing/outbox/record";

/** Publishes events that were stored but did not reach the bus. */
export const outboxSweeper = ({ settings, tables, bus }: Platform): Schedule =>
  new Schedule(
    "outbox-sweeper",
    {
      triggers: { sweep: "rate(5 minutes)" },
      function: {
        description: "Publishes events that stayed pending in the event store",
        timeout: 120,
        memory: 256,
        needs: [
          useTable(tables["event-store"], ["UpdateItem"], { indexes: [pendingIndex] }),
          useTable(tables.effects, ["PutItem", "DeleteItem"]),
          publishTo(bus),
        ],
        callbackFactory: () => {
          const { outboxSweeper } =
            require("./processing/outboxSweeper") as typeof import("./processing/outboxSweeper");
          return (event, context) => outboxSweeper(event, context);
        },
      },
    },
    settings,
  );
