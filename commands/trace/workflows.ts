import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from "@aws-sdk/client-sfn";
import type { StoredEvent } from "../../functions/processing/eventStore/storedEvent";
import { analysisNeeded, largestBatch } from "../../functions/processing/events/analysisNeeded";
import { attemptsOf, batchIdOf } from "../../functions/processing/workflow/start";
import type { Platform } from "../platform";
import type { Step } from "./step";

const historyOf = async (states: SFNClient, executionArn: string): Promise<HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await states.send(new GetExecutionHistoryCommand({ executionArn, nextToken }));
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
};

/** Names that the executions for this event may have: one for each batch, and more where it had to begin anew. */
const namesFor = (event: StoredEvent): string[] => {
  const { assetIds = [], batchSize = largestBatch } = JSON.parse(event.detail ?? "{}") as {
    assetIds?: string[];
    batchSize?: number;
  };
  const batches = Math.ceil(assetIds.length / batchSize);
  return Array.from({ length: batches }, (_, at) => batchIdOf({ eventId: event.event_id }, at)).flatMap(attemptsOf);
};

const companyIn = (input: string | undefined): string => {
  const { assetId } = JSON.parse(input || "{}") as { assetId?: string };
  return assetId ?? "";
};

const ends = new Set([
  "ExecutionStarted",
  "ExecutionSucceeded",
  "ExecutionFailed",
  "ExecutionTimedOut",
  "ExecutionAborted",
]);

/** What the history says, as steps: how it began and ended, and each task with how long it took. */
const stepsIn = (history: readonly HistoryEvent[], where: string, of: StoredEvent): Step[] => {
  const byId = new Map(history.map((event) => [event.id, event]));
  const startedAt = history[0]?.timestamp?.getTime() ?? 0;
  const entered = (from: HistoryEvent, name: string | undefined): HistoryEvent | undefined => {
    for (let event: HistoryEvent | undefined = from; event; event = byId.get(event.previousEventId ?? 0)) {
      if (event.type === "TaskStateEntered" && event.stateEnteredEventDetails?.name === name) return event;
    }
    return undefined;
  };
  return history.flatMap((event): Step[] => {
    const at = event.timestamp?.getTime() ?? 0;
    const step = { at, kind: "workflow", where, correlationId: of.correlation_id, causationId: of.event_id } as const;
    const { type = "" } = event;
    if (ends.has(type)) {
      const { error, cause } = event.executionFailedEventDetails ?? {};
      const what = [type.replace("Execution", "").toLowerCase(), error, cause].filter(Boolean).join(": ");
      return [{ ...step, what, ...(type !== "ExecutionStarted" && { durationMs: at - startedAt }), more: {} }];
    }
    if (type === "TaskStateExited") {
      const name = event.stateExitedEventDetails?.name;
      const begin = entered(event, name);
      const company = companyIn(begin?.stateEnteredEventDetails?.input);
      const durationMs = begin?.timestamp ? { durationMs: at - begin.timestamp.getTime() } : {};
      return [{ ...step, what: `${name}  ${company}`.trimEnd(), ...durationMs, more: { state: name } }];
    }
    if (type === "TaskFailed" || type === "LambdaFunctionFailed") {
      const { error, cause } = event.taskFailedEventDetails ?? event.lambdaFunctionFailedEventDetails ?? {};
      return [{ ...step, level: "ERROR", what: ["a task failed", error, cause].filter(Boolean).join(": "), more: {} }];
    }
    return [];
  });
};

/** The executions that were started for the events of a story. */
export const workflowSteps = async (
  { reach, caller }: Platform,
  stack: string,
  events: readonly StoredEvent[],
): Promise<Step[]> => {
  const states = new SFNClient(reach);
  const region = await states.config.region();
  const [, , , , account] = caller.split(":");
  const machine = "analysis-workflow";
  const steps: Step[] = [];
  for (const event of events.filter(({ event_type }) => event_type === analysisNeeded.type)) {
    for (const name of namesFor(event)) {
      const arn = `arn:aws:states:${region}:${account}:execution:signal9-${stack}-${machine}:${name}`;
      try {
        steps.push(...stepsIn(await historyOf(states, arn), machine, event));
      } catch (error) {
        // Not started yet, not started again, or so long ago that nothing is left of it.
        if ((error as Error).name !== "ExecutionDoesNotExist") throw error;
      }
    }
  }
  return steps;
};
