import { useSearch, useTable } from "../infra/grants";
import { Lambda } from "../infra/lambda";
import { embedWith } from "../infra/search";
import type { Platform } from "./platform";

/** For other teams, who invoke it: finds companies, news and ratings. */
export const search = ({ settings, network, tables, search: domain }: Platform): Lambda =>
  new Lambda(
    "search",
    {
      description: "Finds companies, news and ratings by words and by meaning",
      timeout: 15,
      memory: 512,
      network,
      needs: [
        useSearch(domain, "search"),
        embedWith(settings),
        // What answers while the domain is down.
        useTable(tables.assets, [], { scan: true }),
        useTable(tables["asset-analysis"], ["BatchGetItem"]),
        useTable(tables.news, [], { table: true }),
      ],
      callbackFactory: () => {
        const { search } = require("./processing/search") as typeof import("./processing/search");
        return (query, context) => search(query, context);
      },
    },
    settings,
  );
