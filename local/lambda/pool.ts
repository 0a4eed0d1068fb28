import type { Changeable, FunctionConfig, FunctionHooks, InvocationResult, InvokeOptions, Throttled } from "./contract";
import { checkEnvironment } from "./environment";
import { traceOf } from "./naming";
import { openRuntimeApi, type RuntimeApi } from "./runtimeApi";
import { type Job, startWorker, type Worker } from "./worker";

export interface PoolStats {
  workers: number;
  busy: number;
  /** Invocations that waited for a new worker, that found one, and that were turned away. */
  cold: number;
  warm: number;
  throttled: number;
}

export interface FunctionPool {
  invoke: (payload: Buffer, options?: InvokeOptions) => Promise<InvocationResult>;
  /** From now on invocations run the code in `folder`; those under way finish with the code they began with. */
  replace: (folder: string) => Promise<void>;
  /** The same for what else it was made with. */
  change: (changes: Partial<Changeable>) => Promise<void>;
  /** From now on no more than so many at once; without a number as many as come. */
  limit: (reservedConcurrency?: number) => void;
  stats: () => PoolStats;
  close: () => Promise<void>;
}

interface Idle {
  worker: Worker;
  reaper: NodeJS.Timeout;
}

const idleMsByDefault = 60_000;
/** As long as a process of its own would take to begin, beside which the others take longer where processors are few. */
const patienceMsByDefault = 150;

const throttledAs = (requestId: string): Throttled => ({
  kind: "throttled",
  requestId,
  code: "TooManyRequestsException",
  message: "Rate Exceeded.",
  reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
});

/** Runs one function: a process for each invocation at a time, kept for the next until it has idled too long. */
export const createFunctionPool = (config: FunctionConfig, hooks: FunctionHooks): FunctionPool => {
  checkEnvironment(config);
  const { idleMs = idleMsByDefault, patienceMs = patienceMsByDefault } = config;
  let { reservedConcurrency = Number.POSITIVE_INFINITY } = config;
  /** With the version of what each of them was made with. */
  const workers = new Map<Worker, number>();
  const counts = { busy: 0, cold: 0, warm: 0, throttled: 0 };
  let idle: Idle[] = [];
  /** Invocations that wait for one that is busy: the first of them gets the first that is free. */
  const waiting: ((worker?: Worker) => void)[] = [];
  let current = { config, version: 0 };
  let opened: Promise<RuntimeApi> | undefined;
  let closing: Promise<void> | undefined;

  const forget = (worker: Worker) => {
    for (const one of idle) if (one.worker === worker) clearTimeout(one.reaper);
    idle = idle.filter((one) => one.worker !== worker);
  };

  const refuseIfClosed = (): void => {
    if (closing) throw new Error(`function ${config.name} is shut down`);
  };

  const start = async (): Promise<Worker> => {
    // Or nobody would close what is opened here.
    refuseIfClosed();
    opened ??= openRuntimeApi();
    const api = await opened;
    refuseIfClosed();
    const worker = startWorker({ config: current.config, hooks, api });
    workers.set(worker, current.version);
    void worker.ended.then(() => {
      workers.delete(worker);
      forget(worker);
    });
    return worker;
  };

  const reuse = (): Worker | undefined => {
    const worker = idle.at(-1)?.worker;
    if (!worker) return undefined;
    forget(worker);
    return worker;
  };

  /** One that becomes free in time. No more wait than may be served. */
  const soonFree = async (): Promise<Worker | undefined> => {
    if (waiting.length >= workers.size) return undefined;
    return new Promise((resolve) => {
      const hear = (worker?: Worker) => {
        clearTimeout(patience);
        resolve(worker);
      };
      const patience = setTimeout(() => {
        waiting.splice(waiting.indexOf(hear), 1);
        resolve(undefined);
      }, patienceMs);
      waiting.push(hear);
    });
  };

  const stop = async (worker: Worker): Promise<void> => {
    forget(worker);
    await worker.stop();
  };

  const release = (worker: Worker) => {
    if (closing || !workers.has(worker)) return;
    if (workers.get(worker) !== current.version) return void stop(worker);
    const next = waiting.shift();
    if (next) return next(worker);
    idle.push({ worker, reaper: setTimeout(() => stop(worker), idleMs).unref() });
  };

  const run = async (job: Job): Promise<InvocationResult> => {
    const worker = reuse() ?? (await soonFree()) ?? (await start());
    const result = await worker.run(job);
    release(worker);
    if (!result) return run(job);
    counts[result.initMs === undefined ? "warm" : "cold"]++;
    return result;
  };

  const renew = async (changes: Partial<FunctionConfig>): Promise<void> => {
    current = { config: { ...current.config, ...changes }, version: current.version + 1 };
    await Promise.all(idle.map(({ worker }) => stop(worker)));
  };

  const shutDown = async (): Promise<void> => {
    // A pool that could not open its runtime API has no workers, and has said so to whoever invoked it.
    const api = await opened?.catch(() => undefined);

    await Promise.all([...workers.keys()].map(stop));
    await api?.close();
  };

  return {
    invoke: async (payload, options = {}) => {
      refuseIfClosed();
      const requestId = options.requestId ?? hooks.newId();
      if (counts.busy >= reservedConcurrency) {
        counts.throttled++;
        return throttledAs(requestId);
      }
      counts.busy++;
      try {
        return await run({ requestId, payload, traceId: options.traceId ?? traceOf(hooks.now(), hooks.newId()) });
      } finally {
        counts.busy--;
      }
    },
    replace: (folder) => renew({ folder }),
    change: renew,
    limit: (most = Number.POSITIVE_INFINITY) => {
      reservedConcurrency = most;
    },
    stats: () => ({ workers: workers.size, ...counts }),
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
};
