import type { Answer, Completed, FunctionConfig, FunctionHooks } from "./contract";
import { workerEnvironment } from "./environment";
import type { Verdict } from "./failures";
import { logStream } from "./naming";
import { complete, deathAnswer, failed, reportLines } from "./outcome";
import * as platformEvents from "./platformEvents";
import { type Exit, startProcess } from "./process";
import type { RuntimeApi, Take, WorkerCalls } from "./runtimeApi";
import { watch } from "./watch";

export interface Job {
  requestId: string;
  payload: Buffer;
  traceId: string;
}

export interface Worker {
  /** Undefined if the worker was gone before it took the job: nothing of it has happened. */
  run: (job: Job) => Promise<Completed | undefined>;
  /** Ends the process, politely at first. */
  stop: () => Promise<void>;
  /** Resolves once there is no process any more. */
  ended: Promise<void>;
}

interface Running extends Job {
  resolve: (result: Completed | undefined) => void;
  reject: (error: unknown) => void;
  /** Undefined until the worker has taken it. */
  takenAt?: number;
  told?: { answer: Answer; durationMs: number };
  /** Outputs in which the worker has marked its end. */
  marks: number;
}

interface WorkerOptions {
  config: FunctionConfig;
  hooks: FunctionHooks;
  api: RuntimeApi;
}

/** Lambda's limit for loading a function. One that takes longer spends the time of its first invocation. */
const initLimitMs = 10_000;
const politeMs = 1_000;
const outputs = 2;

/** Starts a process for a function's invocations, one at a time. */
export const startWorker = ({ config, hooks, api }: WorkerOptions): Worker => {
  const { timeoutMs, folder } = config;
  const id = hooks.newId();
  const stream = logStream(hooks.now(), id);
  const startedAt = performance.now();
  let waiting: Take | undefined;
  let current: Running | undefined;
  let gone: { error?: unknown } | undefined;
  let verdict: Verdict;
  let initError: Answer | undefined;
  let initMs: number | undefined;
  let used = false;
  let heapExhausted = false;

  const log = (message: string, requestId?: string) =>
    hooks.onLog({ timestamp: hooks.now(), message, requestId, stream });

  const hear = {
    onLine: (line: string) => {
      if (line.includes("JavaScript heap out of memory")) heapExhausted = true;
      log(line, current?.takenAt === undefined ? undefined : current.requestId);
    },
    onMark: (requestId: string) => {
      if (current?.requestId !== requestId) return;
      current.marks++;
      finishIfTold(current);
    },
  };

  const finish = (running: Running, answer: Answer, durationMs: number) => {
    limits.rest();
    current = undefined;
    const { requestId } = running;
    const loading = used ? undefined : (initMs ?? performance.now() - startedAt);
    used = true;
    const completed = complete(answer, { requestId, durationMs, initMs: loading, maxMemoryMb: limits.peakMb() });
    for (const line of reportLines(hooks.now(), config, completed)) log(line, requestId);
    running.resolve(completed);
  };

  /** An answer counts once all that was written before it has been read. */
  const finishIfTold = (running: Running) => {
    if (running.told && running.marks >= outputs) finish(running, running.told.answer, running.told.durationMs);
  };

  const deliver = () => {
    if (!current || current.takenAt !== undefined || !waiting || !child.isAlive()) return;
    const take = waiting;
    waiting = undefined;
    const { requestId, payload, traceId } = current;
    const deadlineMs = Date.now() + timeoutMs;
    const clockOffsetMs = hooks.clockOffsetMs();
    if (!take({ requestId, payload, traceId, deadlineMs, arn: config.arn, clockOffsetMs })) return;
    current.takenAt = performance.now();
    log(platformEvents.start(hooks.now(), requestId), requestId);
    limits.allow(timeoutMs);
  };

  const calls: WorkerCalls = {
    next: (take) => {
      initMs ??= performance.now() - startedAt;
      waiting = take;
      deliver();
    },
    answer: (requestId, answer, residentMb) => {
      const running = current;
      if (running?.requestId !== requestId || running.takenAt === undefined || running.told) return false;
      limits.look(residentMb);
      if (verdict !== undefined) return true;
      if (hooks.faults?.() === "crash") child.kill("SIGKILL");
      else running.told = { answer, durationMs: performance.now() - running.takenAt };
      finishIfTold(running);
      return true;
    },
    initError: (payload) => {
      initError = failed(payload);
    },
  };

  const died = (exit: Exit) => {
    const running = current;
    if (!running) return;
    if (running.told) return finish(running, running.told.answer, running.told.durationMs);
    if (running.takenAt === undefined && initMs !== undefined) return running.resolve(undefined);
    if (heapExhausted) verdict ??= "memory";
    const elapsedMs = running.takenAt === undefined ? 0 : performance.now() - running.takenAt;
    const answer = initError ?? deathAnswer(exit, verdict, running.requestId, timeoutMs);
    finish(running, answer, verdict === "timeout" ? timeoutMs : elapsedMs);
  };

  log(platformEvents.initStart(hooks.now(), config));
  api.attach(id, calls);
  const child = startProcess(
    {
      workerId: id,
      folder,
      memoryMb: config.memoryMb,
      clockOffsetMs: hooks.clockOffsetMs(),
      compiled: config.keepCompiled ? `${folder}.compiled` : undefined,
      outside: config.outside ?? false,
      environment: workerEnvironment(config, {
        folder,
        runtimeApi: api.address(id),
        stream,
        path: process.env["PATH"],
      }),
    },
    hear,
  );
  const limits = watch({
    pid: child.pid,
    memoryMb: config.memoryMb,
    condemn: (reason) => {
      verdict = reason;
      child.kill("SIGKILL");
    },
  });
  limits.allow(initLimitMs + timeoutMs);

  const ended = child.ended
    .then(
      (exit) => {
        gone = {};
        died(exit);
      },
      (error: unknown) => {
        gone = { error };
        current?.reject(error);
      },
    )
    .finally(() => {
      limits.rest();
      api.detach(id);
    });

  return {
    ended,
    run: (job) =>
      new Promise((resolve, reject) => {
        if (gone?.error) return reject(gone.error);
        if (gone) return resolve(undefined);
        current = { ...job, resolve, reject, marks: 0 };
        deliver();
      }),
    stop: async () => {
      child.kill("SIGTERM");
      const impatient = setTimeout(() => child.kill("SIGKILL"), politeMs);
      await ended;
      clearTimeout(impatient);
    },
  };
};
