import { useTable } from "../infra/grants";
import { Lambda } from "../infra/lambda";
import type { Platform } from "./platform";

/** First step of an analysis: is there enough of the company to say anything? */
export const dataValidation = ({ settings, tables }: Platform): Lambda =>
  new Lambda(
    "data-validation",
    {
      description: "Checks that enough of a company is stored to rate it",
      timeout: 300,
      memory: 512,
      needs: [
        useTable(tables["company-overview"], ["BatchGetItem"]),
        useTable(tables.earnings, ["BatchGetItem"]),
        useTable(tables["income-statement"], ["BatchGetItem"]),
        useTable(tables["balance-sheet"], ["BatchGetItem"]),
        useTable(tables["cash-flow"], ["BatchGetItem"]),
      ],
      callbackFactory: () => {
        const { dataValidation } =
          require("./processing/dataValidation") as typeof import("./processing/dataValidation");
        return (input, context) => dataValidation(input, context);
      },
    },
    settings,
  );
