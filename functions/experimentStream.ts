import { keepObjects, setting, useTable } from "../infra/grants";
import { Stream } from "../infra/stream";
import type { Platform } from "./platform";

/** What users of experiments saw and did: counted, archived, and refused with a reason. */
export const experimentStream = ({ settings, tables, buckets }: Platform): Stream =>
  new Stream(
    "experiment-stream",
    {
      failures: buckets["dead-letters"],
      function: {
        description: "Counts and archives the events of experiments",
        timeout: 60,
        memory: 1024,
        needs: [
          useTable(tables.experiments, ["BatchGetItem"]),
          useTable(tables.assignments, ["BatchGetItem"]),
          useTable(tables["event-aggregations"], ["PutItem", "BatchGetItem"], { table: true }),
          keepObjects(buckets["event-archive"]),
          setting("EXPERIMENT_SHARDS", settings.experimentShards),
          setting("EXPERIMENT_USER_SAMPLE", settings.experimentUserSample),
          setting("EXPERIMENT_RETENTION_DAYS", settings.experimentRetentionDays),
        ],
        callbackFactory: () => {
          const { experimentStream } =
            require("./processing/experimentStream") as typeof import("./processing/experimentStream");
          return (batch, context) => experimentStream(batch, context);
        },
      },
    },
    settings,
  );
