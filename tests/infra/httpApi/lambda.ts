import { Lambda } from "../../../infra/lambda";
import type { Settings } from "../../../infra/settings";

export const lambdaOf = (label: string, timeout: number, settings: Settings): Lambda =>
  new Lambda(
    label,
    {
      description: "Answers requests",
      timeout,
      memory: 256,
      needs: [],
      callbackFactory: () => {
        const { search } = require("./processing/search") as typeof import("../../../functions/processing/search");
        return (query, context) => search(query, context);
      },
    },
    settings,
  );
