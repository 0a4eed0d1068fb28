import { setting, useTable } from "../infra/grants";
import { Lambda } from "../infra/lambda";
import type { Platform } from "./platform";

/** For other teams, who invoke it: tells which experiments there are, and who was given which variant. */
export const putExperiments = ({ settings, tables }: Platform): Lambda =>
  new Lambda(
    "put-experiments",
    {
      description: "Takes experiments and assignments",
      timeout: 30,
      memory: 256,
      needs: [useTable(tables.experiments, ["PutItem"]), useTable(tables.assignments, ["PutItem"])],
      callbackFactory: () => {
        const { putExperiments } =
          require("./processing/putExperiments") as typeof import("./processing/putExperiments");
        return (request, context) => putExperiments(request, context);
      },
    },
    settings,
  );

/** For other teams, who invoke it: what came of an experiment. */
export const experimentResults = ({ settings, tables }: Platform): Lambda =>
  new Lambda(
    "experiment-results",
    {
      description: "Tells what was counted of an experiment, and whether its variants differ",
      timeout: 30,
      memory: 1024,
      needs: [
        useTable(tables.experiments, ["BatchGetItem"]),
        // Brings days up to date with their hours first, so that an answer has everything up to its moment.
        useTable(tables["event-aggregations"], ["PutItem", "BatchGetItem"], { table: true }),
        setting("EXPERIMENT_SHARDS", settings.experimentShards),
        setting("EXPERIMENT_USER_SAMPLE", settings.experimentUserSample),
        setting("EXPERIMENT_RETENTION_DAYS", settings.experimentRetentionDays),
      ],
      callbackFactory: () => {
        const { experimentResults } =
          require("./processing/experimentResults") as typeof import("./processing/experimentResults");
        return (query, context) => experimentResults(query, context);
      },
    },
    settings,
  );
