import { useCache, useObjects, useTable } from "../infra/grants";
import { Lambda } from "../infra/lambda";
import type { Platform } from "./platform";

/** Second step of an analysis: rates the company, and lays the rating down with all that went into it. */
export const ruleBasedAnalysis = ({ settings, network, tables, buckets, cache }: Platform): Lambda => {
  const reports = [
    tables["company-overview"],
    tables.earnings,
    tables["income-statement"],
    tables["balance-sheet"],
    tables["cash-flow"],
  ];
  return new Lambda(
    "rule-based-analysis",
    {
      description: "Rates a company by published rules",
      timeout: 600,
      memory: 2_048,
      network,
      needs: [
        ...reports.map((table) => useTable(table, ["BatchGetItem"], { table: true })),
        useTable(tables.news, [], { table: true }),
        useTable(tables["asset-analysis"], [], { indexes: ["by-sector"] }),
        useObjects(buckets["analysis-results"]),
        useCache(cache),
      ],
      callbackFactory: () => {
        const { ruleBasedAnalysis } =
          require("./processing/ruleBasedAnalysis") as typeof import("./processing/ruleBasedAnalysis");
        return (input, context) => ruleBasedAnalysis(input, context);
      },
    },
    settings,
  );
};
