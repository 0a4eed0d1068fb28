import { createHash } from "node:crypto";
import { LogFormatter, Logger, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import { redact } from "../redact";

export type Log = Logger;

/** One line of JSON per entry: when, how grave, what, which function, then what the entry is about. All of it redacted. */
class Line extends LogFormatter {
  override formatAttributes(attributes: UnformattedAttributes, additional: LogAttributes): LogItem {
    const { timestamp, logLevel, message, serviceName, lambdaContext } = attributes;
    const base = {
      timestamp: timestamp.toISOString(),
      level: logLevel,
      message: redact(message) as string,
      service: serviceName,
      functionName: lambdaContext?.functionName,
      requestId: lambdaContext?.awsRequestId,
      coldStart: lambdaContext?.coldStart,
    };
    const error = additional["error"];
    // What is about no event of its own is the story of its invocation.
    const correlated = { correlationId: lambdaContext?.awsRequestId, ...additional };
    const about = error instanceof Error ? { ...correlated, error: this.formatError(error) } : correlated;
    return new LogItem({ attributes: base }).addAttributes(redact(about) as LogAttributes);
  }
}

/**
 * Whether the story of this id is told in full, though the level is higher: the same answer in every function that it goes
 * through, for about so many in a hundred of all ids.
 */
export const isSampled = (correlationId: string, percent: number): boolean =>
  percent > 0 && createHash("sha256").update(correlationId).digest().readUInt32BE() < (percent / 100) * 2 ** 32;

/** A log whose lines all say what they are about. */
export const logAbout = (log: Log, about: Record<string, unknown>): Log => {
  const own = log.createChild({ persistentKeys: about });
  const { correlationId } = about;
  const percent = Number(process.env["DEBUG_LOG_PERCENT"] ?? 0);
  if (typeof correlationId === "string" && isSampled(correlationId, percent)) own.setLogLevel("DEBUG");
  return own;
};

export const makeLogger = (functionName: string): Logger => {
  // Lambda lets every line through, and says so here; Powertools would take that for the level, and for the only one.
  delete process.env["AWS_LAMBDA_LOG_LEVEL"];
  return new Logger({ persistentKeys: { function: functionName }, logFormatter: new Line() });
};
