import { DescribeLogGroupsCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { prefix, type Shared } from "./sharedCloud";

const groupsOf = async ({ clients }: Shared): Promise<string[]> => {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await clients.logs.send(new DescribeLogGroupsCommand({ nextToken }));
    names.push(...(page.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return names;
};

/** Everything in all log groups, as it was written. */
export const rawLinesOf = async (shared: Shared): Promise<string[]> => {
  const lines: string[] = [];
  for (const logGroupName of await groupsOf(shared)) {
    let nextToken: string | undefined;
    do {
      const page = await shared.clients.logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
      lines.push(...(page.events ?? []).flatMap(({ message }) => message ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return lines;
};

/** What the functions' own loggers wrote, and neither the platform nor metrics. */
export const logLinesOf = async (shared: Shared): Promise<Record<string, unknown>[]> =>
  (await rawLinesOf(shared))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line["service"] === `${prefix}platform` && line["level"] !== undefined);
