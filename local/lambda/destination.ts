import type { Completed } from "./contract";

export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded";

/** An asynchronous invocation that is over. */
export interface Ended {
  condition: Condition;
  requestId: string;
  functionArn: string;
  /** How often the function ran. */
  runs: number;
  payload: Buffer;
  /** Of the last run, if there was one. */
  last: Completed | undefined;
}

const parsed = (json: Buffer): unknown => (json.length === 0 ? null : JSON.parse(json.toString("utf8")));

const response = (last: Completed | undefined): Record<string, unknown> =>
  last
    ? {
        responseContext: {
          statusCode: 200,
          executedVersion: "$LATEST",
          ...(last.kind === "error" && { functionError: last.functionError }),
        },
        responsePayload: parsed(last.payload),
      }
    : {};

/** What Lambda sends to a destination. */
export const destinationRecord = (now: number, ended: Ended): string =>
  JSON.stringify({
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: ended.requestId,
      functionArn: `${ended.functionArn}:$LATEST`,
      condition: ended.condition,
      approximateInvokeCount: ended.runs,
    },
    requestPayload: parsed(ended.payload),
    ...response(ended.last),
  });

export const isEventBus = (arn: string): boolean => /^arn:aws:events:[^:]+:\d{12}:event-bus\/.+$/.test(arn);

/** On a bus the record is an event's detail; these say what else the event has. */
export const busAttributes = (to: string, { condition, functionArn }: Ended): Record<string, string> | undefined =>
  isEventBus(to)
    ? {
        source: "lambda",
        "detail-type": `Lambda Function Invocation Result - ${condition === "Success" ? "Success" : "Failure"}`,
        resources: JSON.stringify([to, `${functionArn}:$LATEST`]),
      }
    : undefined;
