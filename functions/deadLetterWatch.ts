import { listObjects, useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { statusIndex } from "./processing/deadLetters/row";

/** Counts the dead letters that wait: their queues are drained, so only the table can tell. And what was put aside of streams. */
export const deadLetterWatch = ({ settings, tables, buckets }: Platform): Schedule =>
  new Schedule(
    "dead-letter-watch",
    {
      triggers: { count: "rate(5 minutes)" },
      function: {
        description: "Counts the dead letters that wait for an operator",
        timeout: 30,
        memory: 256,
        needs: [useTable(tables["dead-letters"], [], { indexes: [statusIndex] }), listObjects(buckets["dead-letters"])],
        callbackFactory: () => {
          const { deadLetterWatch } =
            require("./processing/deadLetterWatch") as typeof import("./processing/deadLetterWatch");
          return (event, context) => deadLetterWatch(event, context);
        },
      },
    },
    settings,
  );
