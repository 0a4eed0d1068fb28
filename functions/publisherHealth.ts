import { lookAt, useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { pendingIndex } from "./processing/outbox/record";

/** Asks every 5 minutes, and whenever somebody invokes it, whether events get out. */
export const publisherHealth = ({ settings, tables, bus }: Platform): Schedule =>
  new Schedule(
    "publisher-health",
    {
      triggers: { check: "rate(5 minutes)" },
      function: {
        description: "Checks that the bus answers and that no event lies unpublished",
        timeout: 30,
        memory: 256,
        needs: [useTable(tables["event-store"], [], { scannedIndexes: [pendingIndex] }), lookAt(bus)],
        callbackFactory: () => {
          const { publisherHealth } =
            require("./processing/publisherHealth") as typeof import("./processing/publisherHealth");
          return (event, context) => publisherHealth(event, context);
        },
      },
    },
    settings,
  );
