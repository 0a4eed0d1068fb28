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

export const makeLogger = (functionName: string): Logger =>
  new Logger({ persistentKeys: { function: functionName }, logFormatter: new Line() });
