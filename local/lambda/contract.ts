/** What a function's code may call, and as whom. Required: without an endpoint the SDK would call AWS itself. */
export interface Access {
  region: string;
  endpointUrl: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** A file with the certificate of what is served here over TLS. */
  certificate?: string;
}

export type LogLevel = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";

export interface FunctionConfig {
  name: string;
  arn: string;
  /** Where the deployment archive was unpacked. */
  folder: string;
  /** Module and export, as in `__index.handler`. */
  handler: string;
  memoryMb: number;
  timeoutMs: number;
  /** The function's own variables. */
  environment: Record<string, string>;
  access: Access;
  /** @default no limit */
  reservedConcurrency?: number;
  /** @default `/aws/lambda/` and the name */
  logGroup?: string;
  /** The least grave level that `console` still writes. @default "INFO" */
  logLevel?: LogLevel;
  /** How long a worker may stay without work. @default 60 s */
  idleMs?: number;
  /** How long an invocation waits for a process that is busy before it gets one of its own. @default 150 ms */
  patienceMs?: number;
  /** Keep compiled code beside the folder, for the next cold start? @default false */
  keepCompiled?: boolean;
  /** May it call what is not on this machine? @default false */
  outside?: boolean;
}

/** What may become other while a function is in use. */
export type Changeable = Pick<FunctionConfig, "memoryMb" | "timeoutMs" | "environment">;

export interface LogLine {
  timestamp: number;
  message: string;
  /** Undefined for what was written outside an invocation. */
  requestId: string | undefined;
  /** One per worker. */
  stream: string;
}

export interface FunctionHooks {
  /** The cloud's own time, for the stamps of log lines and platform events. Time limits run in real time. */
  now: () => number;
  /** By how much a function's clock is ahead of real time. */
  clockOffsetMs: () => number;
  newId: () => string;
  onLog: (line: LogLine) => void;
  /** Asked once an invocation has done its work: after a crash the work is done, and its answer lost. */
  faults?: () => "crash" | undefined;
}

export interface InvokeOptions {
  requestId?: string;
  /** As in the header X-Amzn-Trace-Id. */
  traceId?: string;
}

export interface Usage {
  requestId: string;
  durationMs: number;
  billedMs: number;
  /** Only where the invocation had to wait for a new worker. */
  initMs?: number;
  maxMemoryMb: number;
}

export type Answer =
  | { kind: "success"; payload: Buffer }
  | { kind: "error"; functionError: "Unhandled"; payload: Buffer };

export interface Throttled {
  kind: "throttled";
  requestId: string;
  code: "TooManyRequestsException";
  message: "Rate Exceeded.";
  reason: "ReservedFunctionConcurrentInvocationLimitExceeded";
}

export type Completed = Answer & Usage;

export type InvocationResult = Completed | Throttled;
