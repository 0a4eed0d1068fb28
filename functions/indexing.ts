import { type Need, useSearch, useTable } from "../infra/grants";
import { embedWith } from "../infra/search";
import type { Platform } from "./platform";
import { queueIndex } from "./processing/work/queue";

/** What making documents and writing them takes. */
export const indexing = ({ settings, tables, search }: Platform): Need[] => [
  useSearch(search, "index"),
  embedWith(settings),
  useTable(tables["queue-tracking"], ["UpdateItem"], { indexes: [queueIndex] }),
  useTable(tables.assets, ["BatchGetItem"]),
  useTable(tables["company-overview"], ["BatchGetItem"]),
  useTable(tables["asset-analysis"], ["BatchGetItem"]),
  useTable(tables.news, ["BatchGetItem"]),
];
