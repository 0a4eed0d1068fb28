import type { SQSRecord } from "aws-lambda";
import * as v from "valibot";
import type { Category } from "../failure";
import { redactText } from "../redact";

/** Why a letter is dead: what the consumer said, or what AWS did with a message that nobody could say more about. */
export type LetterCategory = Category | "kept failing" | "undelivered";

export interface Reason {
  category: LetterCategory;
  reason: string;
  field?: string;
  /** Where it is told. */
  failedAt?: string;
}

const longestReason = 1_000;
const told: readonly Category[] = ["validation", "conflict", "throttled", "unavailable", "denied", "permanent"];

const textSchema = v.optional(v.string());

/** What Lambda sends to the failure destination of an asynchronous invocation. */
const invocationSchema = v.object({
  timestamp: textSchema,
  requestContext: v.object({
    requestId: v.string(),
    condition: v.string(),
    approximateInvokeCount: v.optional(v.number()),
  }),
  requestPayload: v.unknown(),
  responsePayload: v.optional(v.nullable(v.object({ errorType: textSchema, errorMessage: textSchema }))),
});

export type Invocation = v.InferOutput<typeof invocationSchema>;

export const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** The record of an asynchronous invocation that failed for good, if this is one. */
export const invocationIn = (body: string): Invocation | undefined => {
  const result = v.safeParse(invocationSchema, parsed(body));
  return result.success ? result.output : undefined;
};

const clean = (text: string): string => redactText(text).slice(0, longestReason);

const moment = (text: string | undefined): { failedAt?: string } => {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? {} : { failedAt: new Date(at).toISOString() };
};

const ofInvocation = ({ timestamp, requestContext, responsePayload }: Invocation): Reason => {
  const { condition, approximateInvokeCount = 0, requestId } = requestContext;
  const error = [responsePayload?.errorType, responsePayload?.errorMessage].filter(Boolean).join(": ");
  const gaveUp = `${condition} after ${approximateInvokeCount} runs, request ${requestId}`;
  return { category: "kept failing", reason: clean(error ? `${error} (${gaveUp})` : gaveUp), ...moment(timestamp) };
};

/** Reads the reason from what the letter carries. `ofFunction`: letters of this queue come from asynchronous invocations. */
export const reasonOf = (record: SQSRecord, ofFunction: boolean): Reason => {
  const attribute = (name: string): string | undefined => record.messageAttributes[name]?.stringValue;
  const code = attribute("ERROR_CODE");
  if (code !== undefined) {
    const message = attribute("ERROR_MESSAGE");
    return { category: "undelivered", reason: clean(message ? `${code}: ${message}` : code) };
  }
  const invocation = ofFunction ? invocationIn(record.body) : undefined;
  if (invocation) return ofInvocation(invocation);
  const category = told.find((one) => one === attribute("category"));
  const reason = attribute("reason");
  if (category !== undefined && reason !== undefined) {
    const field = attribute("field");
    return { category, reason: clean(reason), ...(field !== undefined && { field }), ...moment(attribute("failedAt")) };
  }
  // The count goes on in the dead letter queue: the last receive is ours.
  const deliveries = Number(record.attributes.ApproximateReceiveCount) - 1;
  return {
    category: "kept failing",
    reason: `given up after ${deliveries} deliveries; the logs of message ${record.messageId} say why`,
  };
};
