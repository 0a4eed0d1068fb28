import {
  CloudWatchLogsClient,
  DescribeQueryDefinitionsCommand,
  type QueryDefinition,
} from "@aws-sdk/client-cloudwatch-logs";
import { UserError } from "../../local/engine/stackFile";
import { readArgsAbout } from "../commandLine";
import { table } from "../events/print";
import { oneOf } from "../names";
import { openGiven, platformOptions } from "../platform";
import { aheadMs, sinceOf } from "../since";
import { asked } from "../trace/insights";
import { visibleJson } from "../visible";

export const usage = `Usage: npm run logs -- QUERY [OPTIONS]

Asks the logs one of the saved queries, such as errors-by-reason; without a query, lists them.

  QUERY            its name
  --function NAME  only the log of this function, such as ingestion (default all)
  --since TIME     since when (default a day ago)
  --json           print for machines
  --stack NAME     the stack (default dev)
  --endpoint URL   where the embedded cloud listens (default http://127.0.0.1:4566)
  --aws            AWS instead, with the credentials and the region of the environment
  --help           this text`;

const options = {
  function: { type: "string" },
  since: { type: "string" },
  ...platformOptions,
} as const;

const savedIn = async (logs: CloudWatchLogsClient, prefix: string): Promise<Map<string, QueryDefinition>> => {
  const saved = new Map<string, QueryDefinition>();
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: prefix, nextToken }));
    for (const one of page.queryDefinitions ?? []) saved.set((one.name ?? "").slice(prefix.length), one);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return saved;
};

/** The logs to ask, which the query names: that of one function, or all. */
const groupsOf = ({ logGroupNames = [] }: QueryDefinition, prefix: string, meant: string | undefined): string[] => {
  if (meant === undefined) return logGroupNames;
  const functions = logGroupNames.map((group) => group.slice(prefix.length));
  return [`${prefix}${oneOf(functions, meant, "function")}`];
};

type Row = Record<string, string>;

const lines = (rows: readonly Row[]): string[] => {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (rows.length === 0) return ["nothing was found"];
  return table([names, ...rows.map((row) => names.map((name) => row[name] ?? ""))]);
};

/** Does what the arguments say, and answers what to print. */
export const runLogs = async (args: string[]): Promise<string> => {
  const { about, ...given } = readArgsAbout(args, options, usage);
  const [name, another] = about;
  if (given.help) return usage;
  if (another !== undefined) throw new UserError(`Name one query.\n\n${usage}`);
  const since = sinceOf(given.since);
  const prefix = `signal9-${given.stack}-`;
  const { reach, now } = await openGiven(given);
  const logs = new CloudWatchLogsClient(reach);
  const saved = await savedIn(logs, prefix);
  if (name === undefined) return [...saved.keys()].join("\n");
  const query = saved.get(name);
  if (!query) throw new UserError(`There is no query ${name}. There are: ${[...saved.keys()].join(", ")}`);
  const groups = groupsOf(query, `/aws/lambda/${prefix}`, given.function);
  const span = { from: since(now()), to: now() + aheadMs };
  const rows = (await asked(logs, query.queryString ?? "", groups, span)).map((cells) =>
    Object.fromEntries(cells.flatMap(({ field = "", value = "" }) => (field === "@ptr" ? [] : [[field, value]]))),
  );
  return given.json ? visibleJson(rows) : lines(rows).join("\n");
};
