import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Files } from "../../../local/engine/archive";
import type {
  Completed,
  FunctionConfig,
  FunctionHooks,
  InvocationResult,
  LogLine,
} from "../../../local/lambda/contract";
import { createFunctionPool, type FunctionPool } from "../../../local/lambda/pool";
import { unpack } from "../../../local/lambda/unpack";

export const anAccess = {
  region: "us-east-1",
  endpointUrl: "http://127.0.0.1:9",
  accessKeyId: "AKIAFUNCTION",
  secretAccessKey: "secret",
};

export const aConfig = (overrides: Partial<FunctionConfig> = {}): FunctionConfig => ({
  name: "ratings",
  arn: "arn:aws:lambda:us-east-1:123456789012:function:ratings",
  folder: "/nowhere",
  handler: "__index.handler",
  memoryMb: 256,
  timeoutMs: 3_000,
  environment: {},
  access: anAccess,
  ...overrides,
});

export interface Made {
  pool: FunctionPool;
  lines: LogLine[];
  invoke: (event?: unknown) => Promise<InvocationResult>;
}

/** Makes functions from source, and leaves neither process nor file behind. */
export const functionMaker = () => {
  const pools: FunctionPool[] = [];
  let workDir: string | undefined;

  const write = async (archive: Files | string): Promise<string> => {
    workDir ??= await mkdtemp(join(tmpdir(), "lambda-"));
    return (await unpack(typeof archive === "string" ? { "__index.js": archive } : archive, workDir, "ratings")).folder;
  };

  return {
    write,
    make: async (
      archive: Files | string,
      overrides: Partial<FunctionConfig> = {},
      hooks: Partial<FunctionHooks> = {},
    ): Promise<Made> => {
      const lines: LogLine[] = [];
      const pool = createFunctionPool(aConfig({ folder: await write(archive), ...overrides }), {
        now: Date.now,
        clockOffsetMs: () => 0,
        newId: randomUUID,
        onLog: (line) => lines.push(line),
        ...hooks,
      });
      pools.push(pool);
      return { pool, lines, invoke: (event = {}) => pool.invoke(Buffer.from(JSON.stringify(event))) };
    },
    clean: async (): Promise<void> => {
      await Promise.all(pools.splice(0).map((pool) => pool.close()));
      if (workDir) await rm(workDir, { recursive: true, force: true });
      workDir = undefined;
    },
  };
};

export const completed = (result: InvocationResult): Completed => {
  if (result.kind === "throttled") throw new Error("the invocation was throttled");
  return result;
};

/** The JSON that an invocation answered with, be it a result or an error. */
export const answer = (result: InvocationResult): Record<string, unknown> =>
  JSON.parse(completed(result).payload.toString()) as Record<string, unknown>;

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

export const until = async (met: () => boolean): Promise<void> => {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 5));
};
