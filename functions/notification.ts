import { notify, useTable } from "../infra/grants";
import { Lambda } from "../infra/lambda";
import type { Platform } from "./platform";

/** Last step of an analysis: tells who listens, a changed rating above all. */
export const notification = ({ settings, tables, topics }: Platform): Lambda =>
  new Lambda(
    "notification",
    {
      description: "Tells subscribers of a company's rating",
      timeout: 120,
      memory: 256,
      needs: [useTable(tables.effects, ["GetItem", "PutItem"]), notify(topics, "analysis-notification")],
      callbackFactory: () => {
        const { notification } = require("./processing/notification") as typeof import("./processing/notification");
        return (input, context) => notification(input, context);
      },
    },
    settings,
  );
