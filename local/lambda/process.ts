import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type OutputListener, readOutput } from "./output";

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface WorkerProcess {
  /** Undefined if the process could not be started. */
  pid: number | undefined;
  /** Resolves once it has ended and all that it wrote was read; rejects if it could not be started. */
  ended: Promise<Exit>;
  isAlive: () => boolean;
  kill: (signal: "SIGTERM" | "SIGKILL") => void;
}

export interface Launch {
  workerId: string;
  folder: string;
  memoryMb: number;
  clockOffsetMs: number;
  /** Where compiled code is kept. */
  compiled: string | undefined;
  /** May it call what is not on this machine? */
  outside: boolean;
  environment: Record<string, string>;
}

const bootstrap = join(__dirname, "bootstrap", "index.cjs");

/**
 * On this machine nobody speaks TLS. Whoever might would have Node read the certificates of all authorities that it brings along,
 * beside all else, in each process: 20 ms of the processor. Those of the system, which this means, are read when needed.
 */
const certificateFlags = (outside: boolean): string[] => (outside ? [] : ["--use-openssl-ca"]);

/**
 * Lambda's own division of a function's memory. And as a process there stands still while it has nothing to do, V8 does not
 * clear up at such times to make it smaller: beside those that are at work this took 5 % of the time of all functions.
 */
const heapFlags = (memoryMb: number): string[] => [
  "--no-memory-reducer",
  `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
  `--max-semi-space-size=${Math.max(1, Math.floor(memoryMb * 0.05))}`,
];

const follow = (stream: Readable, workerId: string, listener: OutputListener): void => {
  const output = readOutput(workerId, listener);
  stream.setEncoding("utf8");
  stream.on("data", output.push);
  stream.on("end", output.end);
};

export const startProcess = (launch: Launch, listener: OutputListener): WorkerProcess => {
  const child = spawn(
    process.execPath,
    [
      ...heapFlags(launch.memoryMb),
      ...certificateFlags(launch.outside),
      bootstrap,
      String(launch.clockOffsetMs),
      launch.compiled ?? "",
      launch.outside ? "outside" : "inside",
    ],
    {
      cwd: launch.folder,
      // Node hands this one down to its children unasked.
      env: { ...launch.environment, NODE_V8_COVERAGE: undefined },
      stdio: ["ignore", "pipe", "pipe"],
      // In a group of its own: Ctrl-C in the terminal is for the cloud to handle, and what a function starts ends with it.
      detached: true,
    },
  );
  // None where no more files can be open, whatever the types say.
  for (const output of [child.stdout, child.stderr] as (Readable | undefined)[]) {
    if (output) follow(output, launch.workerId, listener);
  }

  const { pid } = child;
  const kill = (signal: "SIGTERM" | "SIGKILL") => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The whole group is gone already.
    }
  };
  const ended = new Promise<Exit>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => kill("SIGKILL"));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return { pid, ended, isAlive: () => child.exitCode === null && child.signalCode === null, kill };
};
