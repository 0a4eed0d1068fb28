import { CloudWatchLogsClient, DescribeLogGroupsCommand, type ResultField } from "@aws-sdk/client-cloudwatch-logs";
import type { Platform } from "../platform";
import { asked, type Span } from "./insights";
import type { Step } from "./step";

/** Logs Insights looks into so many groups at once. */
const groupsAtOnce = 50;
const idsAtOnce = 100;
export const mostLines = 10_000;

/** What the trace shows by its own name, or nobody needs. */
const shownElsewhere = new Set([
  ...["timestamp", "level", "message", "service", "function", "functionName", "requestId", "messageId"],
  ...["correlationId", "causationId", "eventId", "durationMs", "sampling_rate", "xray_trace_id"],
]);

const groupsOf = async (logs: CloudWatchLogsClient, stack: string): Promise<string[]> => {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const logGroupNamePrefix = `/aws/lambda/signal9-${stack}-`;
    const page = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, nextToken }));
    names.push(...(page.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return names;
};

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

/** A text within a query. */
export const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

const textIn = (line: Record<string, unknown>, name: string): string | undefined => {
  const value = line[name];
  return typeof value === "string" ? value : undefined;
};

/** A line as a step; nothing where it is not one of ours. */
const stepOf = (row: readonly ResultField[], prefix: string): Step | undefined => {
  const cells = Object.fromEntries(row.map(({ field = "", value = "" }) => [field, value]));
  let line: Record<string, unknown>;
  try {
    line = JSON.parse(cells["@message"] ?? "") as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const at = Date.parse(textIn(line, "timestamp") ?? `${cells["@timestamp"]}Z`.replace(" ", "T"));
  const outcome = textIn(line, "outcome") ?? textIn(line, "reason");
  const { durationMs } = line;
  const ids = Object.fromEntries(
    ["correlationId", "eventId", "causationId", "level"].flatMap((name) => {
      const value = textIn(line, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    at,
    kind: "log",
    where: (cells["@log"] ?? "").split("/").at(-1)?.replace(prefix, "") ?? "",
    what: [textIn(line, "message") ?? "", outcome].filter(Boolean).join(": "),
    ...(typeof durationMs === "number" && { durationMs }),
    ...ids,
    more: Object.fromEntries(Object.entries(line).filter(([name]) => !shownElsewhere.has(name))),
  };
};

/** Every line of the platform's functions that bears one of these correlation ids. */
export const logSteps = async (
  { reach }: Platform,
  stack: string,
  correlationIds: readonly string[],
  span: Span,
): Promise<{ steps: Step[]; cut: boolean }> => {
  const logs = new CloudWatchLogsClient(reach);
  const steps: Step[] = [];
  let cut = false;
  for (const logGroupNames of chunks(await groupsOf(logs, stack), groupsAtOnce)) {
    for (const ids of chunks(correlationIds, idsAtOnce)) {
      const query = [
        "fields @timestamp, @message, @log",
        `filter correlationId in [${ids.map(quoted).join(", ")}]`,
        "sort @timestamp asc",
        `limit ${mostLines}`,
      ].join(" | ");
      const rows = await asked(logs, query, logGroupNames, span);
      cut ||= rows.length >= mostLines;
      steps.push(...rows.flatMap((row) => stepOf(row, `signal9-${stack}-`) ?? []));
    }
  }
  return { steps, cut };
};
