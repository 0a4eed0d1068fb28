import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable, Writable } from "node:stream";

const root = resolve(__dirname, "../../..");
const register = "./local/engine/typescript.cjs";

export interface Started {
  child: ChildProcess;
  /** Everything written so far. */
  output: () => string;
  complaint: () => string;
  /** Resolves with the first match of a line yet to come, or come already. */
  said: (pattern: RegExp) => Promise<RegExpExecArray>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A test that fails leaves it running, and those who run the tests would wait for it. */
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill("SIGKILL");
});

const command = (args: readonly string[], loaded: readonly string[] = []): string[] => [
  ...[register, ...loaded].flatMap((file) => ["-r", file]),
  "commands/start.ts",
  ...args,
];
const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];

/** `npm start -- ...args`, in a process of its own. */
export const start = (...args: string[]): Started => startIn(root, ...args);

/** The same, from a shell that has these variables as well. */
export const startWith = (variables: NodeJS.ProcessEnv, ...args: string[]): Started =>
  started(spawn(process.execPath, command(args), { cwd: root, env: { ...process.env, ...variables }, stdio }));

/** The same, of a copy of the program. */
export const startIn = (cwd: string, ...args: string[]): Started =>
  started(spawn(process.execPath, command(args), { cwd, stdio }));

const onTerminal = (line: string): string[] => ["--quiet", "--flush", "--return", "--command", line, "/dev/null"];

/** Not in every container, and not of every `script`. */
const terminals = (): boolean => spawnSync("script", onTerminal("true"), { stdio: "ignore" }).status === 0;

export interface OnTerminal extends Started {
  press: (key: string) => void;
  /** By Ctrl-C. */
  interrupt: () => void;
}

/** The same, on a terminal of its own, whose keys are what is written to the child. */
export const startOnTerminal = (...args: string[]): OnTerminal => {
  const line = [process.execPath, ...command(args)].map((part) => `'${part}'`).join(" ");
  const pipes: ["pipe", "pipe", "pipe"] = ["pipe", "pipe", "pipe"];
  const there = terminals();
  const child = there
    ? spawn("script", onTerminal(line), { cwd: root, stdio: pipes })
    : spawn(process.execPath, command(args, ["./tests/local/program/asOnTerminal.ts"]), { cwd: root, stdio: pipes });
  const press = (key: string): void => void child.stdin.write(key);
  // Where there is no terminal, nobody makes a signal of the key.
  const interrupt = there ? () => press("\x03") : () => void child.kill("SIGINT");
  return { ...started(child), press, interrupt };
};

const started = (child: ChildProcessByStdio<Writable | null, Readable, Readable>): Started => {
  running.add(child);
  child.once("exit", () => running.delete(child));
  let out = "";
  let err = "";
  const waiting: { pattern: RegExp; found: (match: RegExpExecArray) => void; lost: (error: Error) => void }[] = [];
  const look = () => {
    for (const one of [...waiting]) {
      const match = one.pattern.exec(out);
      if (!match) continue;
      waiting.splice(waiting.indexOf(one), 1);
      one.found(match);
    }
  };
  child.stdout.on("data", (chunk) => {
    out += chunk;
    look();
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => {
    for (const { pattern, lost } of waiting) lost(new Error(`it ended without saying ${pattern}:\n${out}${err}`));
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  return {
    child,
    output: () => out,
    complaint: () => err,
    said: (pattern) =>
      new Promise((found, lost) => {
        waiting.push({ pattern, found, lost });
        look();
      }),
    ended,
  };
};

/** For a client of an AWS SDK. */
export const settings = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

export const endpointOf = (run: Started): string => /http:\/\/127\.0\.0\.1:\d+/.exec(run.output())?.[0] ?? "";

const parentOf = (pid: string): string | undefined => {
  try {
    return /\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
};

/** The process and all its descendants, by what the kernel says. */
export const family = (pid: number): number[] => {
  const parents = new Map(
    readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .map((entry) => [Number(entry), Number(parentOf(entry))]),
  );
  const members = [pid];
  for (let at = 0; at < members.length; at++) {
    for (const [child, parent] of parents) if (parent === members[at]) members.push(child);
  }
  return members;
};

export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

/** As when the machine loses power: the process is gone at once, and all that it started goes with it. */
export const kill = async ({ child, ended }: Started): Promise<void> => {
  const processes = family(child.pid ?? 0);
  child.kill("SIGKILL");
  await ended;
  while (processes.some(alive)) await new Promise(setImmediate);
};

const socketsOf = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
};

const listening = "0A";

/** Addresses on which any of these processes listens, as the kernel writes them: `0100007F` is 127.0.0.1. */
export const listeningAddresses = (pids: number[]): string[] => {
  const inodes = new Set(pids.flatMap(socketsOf));
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    readFileSync(table, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === listening && inodes.has(inode ?? ""))
      .map(([, local = ""]) => local.split(":")[0] ?? ""),
  );
};
