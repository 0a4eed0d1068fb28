import { setting, useTable } from "../infra/grants";
import { Schedule } from "../infra/schedule";
import type { Platform } from "./platform";

/** Hours go after a time, days stay: what nobody asked about and nothing followed is taken in here. */
export const experimentDays = ({ settings, tables }: Platform): Schedule =>
  new Schedule(
    "experiment-days",
    {
      triggers: { fold: "cron(15 0 * * ? *)" },
      function: {
        description: "Brings days of experiments up to date with their hours",
        timeout: 300,
        memory: 1024,
        needs: [
          useTable(tables["event-aggregations"], ["PutItem", "BatchGetItem"], { table: true }),
          setting("EXPERIMENT_USER_SAMPLE", settings.experimentUserSample),
        ],
        callbackFactory: () => {
          const { experimentDays } =
            require("./processing/experimentDays") as typeof import("./processing/experimentDays");
          return (event, context) => experimentDays(event, context);
        },
      },
    },
    settings,
  );
