import { createHash } from "node:crypto";
import { LogFormatter, Logger, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import { classify } from "../aws/classify";
import { causeOf } from "../failure";
import { redact } from "../redact";

/** Where something is told, a line at a time. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "appendKeys">;

/** One line of JSON per entry: when, how grave, what, which function, then what the entry is about. All of it redacted. */
class Format extends LogFormatter {
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
    // A line that has an error says its category and reason, unless it has its own words for them.
    const caused = error === undefined ? correlated : { ...causeOf(classify(error, "code")), ...correlated };
    const about = error instanceof Error ? { ...caused, error: this.formatError(error) } : caused;
    return new LogItem({ attributes: base }).addAttributes(redact(about) as LogAttributes);
  }
}

/**
 * Whether the story of this id is told in full, though the level is higher: the same answer in every function that it goes
 * through, for about so many in a hundred of all ids.
 */
export const isSampled = (correlationId: string, percent: number): boolean =>
  percent > 0 && createHash("sha256").update(correlationId).digest().readUInt32BE() < (percent / 100) * 2 ** 32;

type Say = Log["info"];
type Line = Parameters<Say>;

/** Lines of a log that all say what they are about. */
class Lines implements Log {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;

  constructor(
    readonly logger: Logger,
    readonly about: LogAttributes,
  ) {
    const say =
      (level: "debug" | "info" | "warn" | "error"): Say =>
      (...[message, ...more]: Line) =>
        logger[level](message, about, ...(more as LogAttributes[]));
    this.debug = say("debug");
    this.info = say("info");
    this.warn = say("warn");
    this.error = say("error");
  }

  appendKeys(about: LogAttributes): void {
    Object.assign(this.about, about);
  }
}

/**
 * A log whose lines all say what they are about. A logger of its own, which takes longer to make than the line that most
 * events write, has only what is told in full.
 */
export const logAbout = (log: Log, about: LogAttributes): Log => {
  const [logger, all] = log instanceof Lines ? [log.logger, { ...log.about, ...about }] : [log, { ...about }];
  if (!(logger instanceof Logger)) throw new Error("there is no logger behind this log");
  const { correlationId } = about;
  const percent = Number(process.env["DEBUG_LOG_PERCENT"] ?? 0);
  if (typeof correlationId !== "string" || !isSampled(correlationId, percent)) return new Lines(logger, all);
  const own = logger.createChild({ persistentKeys: all });
  own.setLogLevel("DEBUG");
  return own;
};

export const makeLogger = (functionName: string): Logger => {
  // Lambda lets every line through, and says so here; Powertools would take that for the level, and for the only one.
  delete process.env["AWS_LAMBDA_LOG_LEVEL"];
  return new Logger({ persistentKeys: { function: functionName }, logFormatter: new Format() });
};
