import type { Exit } from "./process";

/** What Lambda returns as the payload of an invocation that failed. */
export interface ErrorReport {
  errorType: string;
  errorMessage: string;
}

/** What a failed invocation answered. */
export const reportIn = (payload: Buffer): ErrorReport => JSON.parse(payload.toString("utf8")) as ErrorReport;

/** The same each time for the same cause: of whose request it was, the log tells. */
export const inWords = ({ errorType, errorMessage }: ErrorReport): string =>
  `${errorType}: ${errorMessage.replace(/^RequestId: \S+ (?:Error: )?/, "")}`;

/** Why a process had to end; undefined if it ended by itself. */
export type Verdict = "timeout" | "memory" | undefined;

const signals: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: "aborted",
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

const manner = ({ code, signal }: Exit): string => {
  if (signal) return `Runtime exited with error: signal: ${signals[signal] ?? signal}`;
  return code === 0
    ? "Runtime exited without providing a reason"
    : `Runtime exited with error: exit status ${code ?? "unknown"}`;
};

/** How an invocation failed whose process is gone, in Lambda's words. */
export const deathReport = (exit: Exit, verdict: Verdict, requestId: string, timeoutMs: number): ErrorReport => {
  if (verdict === "timeout") {
    return {
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`,
    };
  }
  if (verdict === "memory") {
    return {
      errorType: "Runtime.OutOfMemory",
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    };
  }
  return { errorType: "Runtime.ExitError", errorMessage: `RequestId: ${requestId} Error: ${manner(exit)}` };
};

/** Bytes that Lambda takes as the answer to a synchronous invocation. */
export const responseBytes = 6_291_556;

export const responseTooLarge: ErrorReport = {
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${responseBytes} bytes).`,
};
