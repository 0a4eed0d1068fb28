import { setTimeout as sleep } from "node:timers/promises";
import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  type ResultField,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { UserError } from "../../local/engine/stackFile";

const askAgainMs = 500;

/** Epoch milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** The rows that Logs Insights answers, once it has. */
export const asked = async (
  logs: CloudWatchLogsClient,
  queryString: string,
  logGroupNames: readonly string[],
  { from, to }: Span,
): Promise<ResultField[][]> => {
  const { queryId } = await logs.send(
    new StartQueryCommand({
      logGroupNames: [...logGroupNames],
      startTime: Math.max(0, Math.floor(from / 1_000)),
      endTime: Math.ceil(to / 1_000),
      queryString,
    }),
  );
  for (;;) {
    const { status, results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (status === "Complete") return results;
    if (status !== "Running" && status !== "Scheduled") throw new UserError(`the query of the logs ended: ${status}`);
    await sleep(askAgainMs);
  }
};
