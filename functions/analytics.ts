import { Consumer } from "../infra/consumer";
import { type Need, useTable } from "../infra/grants";
import type { Platform } from "./platform";
import { askingEvents } from "./processing/analytics/plan";

/** To compute somebody's analytics: their books, and where the figures go. */
export const computeAnalytics = ({ tables }: Platform): Need[] => [
  useTable(tables.transactions, ["BatchGetItem"], { indexes: ["by-date"] }),
  useTable(tables.files, ["BatchGetItem"]),
  useTable(tables.accounts, ["BatchGetItem"]),
  useTable(tables["analytics-status"], ["BatchGetItem", "PutItem", "DeleteItem"]),
];

/** Keeps everybody's cash flow, trends and financial health up to date with their books. */
export const analytics = (platform: Platform): Consumer =>
  new Consumer(
    "analytics",
    {
      bus: platform.bus,
      events: askingEvents,
      function: {
        description: "Computes cash flow, category trends and financial health anew where books changed",
        timeout: 120,
        memory: 256,
        needs: computeAnalytics(platform),
        callbackFactory: () => {
          const { analytics } = require("./processing/analytics") as typeof import("./processing/analytics");
          return (batch, context) => analytics(batch, context);
        },
      },
    },
    platform.settings,
  );
