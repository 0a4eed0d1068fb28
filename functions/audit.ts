import { Consumer } from "../infra/consumer";
import { keepObjects, setting, useTable } from "../infra/grants";
import type { Platform } from "./platform";

/** Keeps in the event store what others put on the bus, whatever it is. */
export const audit = ({ settings, tables, buckets, bus }: Platform): Consumer =>
  new Consumer(
    "audit",
    {
      bus,
      events: "everything",
      function: {
        description: "Keeps every event that was on the bus in the event store",
        timeout: 30,
        memory: 256,
        needs: [
          useTable(tables["event-store"], ["GetItem", "BatchGetItem", "PutItem"]),
          keepObjects(buckets["event-details"]),
          setting("EVENT_RETENTION_DAYS", settings.eventRetentionDays),
        ],
        callbackFactory: () => {
          const { audit } = require("./processing/audit") as typeof import("./processing/audit");
          return (batch, context) => audit(batch, context);
        },
      },
    },
    settings,
  );
