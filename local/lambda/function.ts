import { utimes } from "node:fs/promises";
import { type Cloud, region } from "../cloud/cloud";
import { correlationIdIn } from "../cloud/trace";
import type { Files } from "../engine/archive";
import { type Principal, roleSession } from "../iam/principal";
import type { Changeable, InvocationResult, LogLine } from "./contract";
import type { FunctionSettings } from "./declaredFunction";
import { functionArn } from "./functionName";
import { createHealth, type Health } from "./health";
import type { InvokeConfig } from "./invokeConfig";
import { type FunctionMetrics, functionMetrics, type OnMetric } from "./metrics";
import { createPermissions, type Permissions } from "./permission";
import { createFunctionPool, type PoolStats } from "./pool";
import type { RecursiveLoop } from "./recursionConfig";
import { type Unpacked, unpack } from "./unpack";

export interface Surroundings {
  /** Where code is unpacked. */
  workDir: string;
  onLog: (group: string, stream: string, line: { timestamp: number; message: string }) => void;
  onMetric?: OnMetric;
  /** Throws unless Lambda may work under this role. */
  assertAssumable?: (roleArn: string) => void;
  /** A file with the certificate of what is served here over TLS, which functions are made to trust. */
  trusted?: () => Promise<string>;
}

export interface Invocation {
  /** As traces name whoever wants it. */
  invoker: string;
  requestId?: string;
  traceId?: string | undefined;
  /** Hears the log lines of this invocation. */
  onLine?: (message: string) => void;
}

export interface Code extends Pick<Unpacked, "sha256" | "bytes"> {
  modifiedAt: number;
}

export type ChangeableSettings = Pick<FunctionSettings, "description" | "environment" | "memoryMb" | "timeoutSeconds">;

/** A function that was brought to life. */
export interface LambdaFunction {
  readonly settings: FunctionSettings;
  readonly arn: string;
  /** Its execution role at work. */
  readonly role: Principal;
  readonly permissions: Permissions;
  readonly metrics: FunctionMetrics;
  invokeConfig: InvokeConfig | undefined;
  recursiveLoop: RecursiveLoop;
  code: () => Code;
  invoke: (payload: Buffer, invocation: Invocation) => Promise<InvocationResult>;
  reservedConcurrency: () => number | undefined;
  reserve: (concurrency: number) => void;
  /** New invocations run with these; those under way finish with what they began with. */
  change: (changes: Partial<ChangeableSettings>) => Promise<void>;
  replace: (files: Files) => Promise<void>;
  stats: () => PoolStats & Health;
  close: () => Promise<void>;
}

const touchedEveryMs = 3_600_000;

const running = ({ memoryMb, timeoutSeconds, environment }: FunctionSettings): Changeable => ({
  memoryMb,
  timeoutMs: timeoutSeconds * 1_000,
  environment,
});

const outcomeOf = (result: InvocationResult): string =>
  result.kind === "success" ? "done" : result.kind === "error" ? result.functionError : result.code;

export const createFunction = async (
  cloud: Cloud,
  declared: FunctionSettings,
  files: Files,
  { workDir, onLog, onMetric = () => undefined, assertAssumable, trusted }: Surroundings,
): Promise<LambdaFunction> => {
  let settings = declared;
  const { name, logGroup } = settings;
  const arn = functionArn(name);
  assertAssumable?.(settings.roleArn);
  const role = roleSession(settings.roleArn, name);
  const credentials = cloud.issueCredentials(role);
  const now = () => cloud.clock.now();
  const metrics = functionMetrics(name, now, onMetric);
  const health = createHealth();
  const listeners = new Map<string, (message: string) => void>();
  let reserved = settings.reservedConcurrency;

  const hear = ({ requestId, stream, timestamp, message }: LogLine) => {
    onLog(logGroup, stream, { timestamp, message });
    if (requestId !== undefined) listeners.get(requestId)?.(message);
  };

  const certificate = await trusted?.();
  let unpacked = await unpack(files, workDir, name);
  let modifiedAt = now();
  // What is in use must not look as if it were not.
  const inUse = setInterval(
    () => utimes(unpacked.folder, new Date(), new Date()).catch(() => undefined),
    touchedEveryMs,
  );
  inUse.unref();
  const pool = createFunctionPool(
    {
      name,
      arn,
      folder: unpacked.folder,
      handler: settings.handler,
      ...running(settings),
      access: { region, endpointUrl: cloud.endpoint, ...credentials, ...(certificate && { certificate }) },
      ...(reserved !== undefined && { reservedConcurrency: reserved }),
      logGroup,
      logLevel: settings.logLevel,
      keepCompiled: true,
      outside: cloud.outside,
    },
    {
      now,
      clockOffsetMs: () => cloud.clock.offset(),
      newId: cloud.newId,
      onLog: hear,
      faults: () =>
        cloud.faults.strike({ service: "lambda", operation: "Invoke", caller: name }, "crash") ? "crash" : undefined,
    },
  );

  const account = (result: InvocationResult) => {
    metrics.ended(result);
    health.ended(result);
    if (result.kind === "throttled") return;
    cloud.meter.add("lambda request");
    cloud.meter.add("lambda GB-second", (settings.memoryMb / 1_024) * (result.billedMs / 1_000));
  };

  const invoke = async (payload: Buffer, { invoker, onLine, traceId, ...given }: Invocation) => {
    const requestId = given.requestId ?? cloud.newId();
    const at = now();
    const realStart = performance.now();
    if (onLine) listeners.set(requestId, onLine);
    metrics.started(pool.stats().busy + 1);
    try {
      const result = await pool.invoke(payload, { requestId, ...(traceId !== undefined && { traceId }) });
      account(result);
      cloud.trace.add({
        at,
        durationMs: performance.now() - realStart,
        service: "lambda",
        operation: "invocation",
        resource: arn,
        caller: invoker,
        outcome: outcomeOf(result),
        correlationId: correlationIdIn(payload.toString("utf8")),
      });
      return result;
    } finally {
      listeners.delete(requestId);
    }
  };

  return {
    get settings() {
      return settings;
    },
    arn,
    role,
    permissions: createPermissions(name),
    metrics,
    invokeConfig: undefined,
    recursiveLoop: "Terminate",
    code: () => ({ sha256: unpacked.sha256, bytes: unpacked.bytes, modifiedAt }),
    invoke: (payload, invocation) => cloud.activity.during(`function ${name}`, () => invoke(payload, invocation)),
    reservedConcurrency: () => reserved,
    reserve: (concurrency) => {
      reserved = concurrency;
      pool.limit(concurrency);
    },
    change: async (changes) => {
      settings = { ...settings, ...changes };
      modifiedAt = now();
      await pool.change(running(settings));
      health.changed();
    },
    replace: async (changed) => {
      unpacked = await unpack(changed, workDir, name);
      await pool.replace(unpacked.folder);
      health.changed();
      modifiedAt = now();
    },
    stats: () => ({ ...pool.stats(), ...health.now() }),
    close: async () => {
      clearInterval(inUse);
      cloud.revokeCredentials(credentials.accessKeyId);
      await pool.close();
    },
  };
};
