import { setting, useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";
import { queueIndex } from "./processing/work/queue";
import { knowBudget } from "./providers";

/** Measures the work that waits in its order: SQS only rings for it, so that only the table can tell. */
export const queueWatch = (platform: Platform): Schedule => {
  const { settings, tables, secrets } = platform;
  return new Schedule(
    "queue-watch",
    {
      triggers: { look: "rate(5 minutes)" },
      function: {
        description: "Measures the jobs that wait for calls of a provider",
        timeout: 30,
        memory: 256,
        needs: [
          useTable(tables["queue-tracking"], [], { indexes: [queueIndex] }),
          ...knowBudget(platform),
          // Without a key nobody makes calls, and no job is late for want of one.
          ...(secrets.alphaVantage ? [setting("PROVIDERS_ASKED", "alphavantage")] : []),
        ],
        callbackFactory: () => {
          const { queueWatch } = require("./processing/queueWatch") as typeof import("./processing/queueWatch");
          return (event, context) => queueWatch(event, context);
        },
      },
    },
    settings,
  );
};
