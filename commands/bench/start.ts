import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { keptFolder } from "../../local/engine/keptFolder";
import { UserError } from "../../local/engine/stackFile";
import { scripts } from "../../package.json";
import { median, printTable } from "./measure";

const root = resolve(__dirname, "../..");
const runs = 5;
const idleSeconds = 10;

/** What npm starts, without npm. */
const [, ...started] = scripts.start.split(" ");

const launch = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [...started, "--port", "0", ...args], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });

/** Of the main process alone, by what the kernel says; the most is kept until it ends. */
const megabytes = (pid: number, what: "VmRSS" | "VmHWM"): number =>
  Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const ticksASecond = 100;
const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksASecond;
};

interface Up {
  child: ChildProcess;
  pid: number;
  resources: number;
  /** What it says itself, and since its process was started. */
  upMs: number;
  readyMs: number;
}

const bringUp = async (): Promise<Up> => {
  const startedAt = performance.now();
  const child = launch();
  let said = "";
  for await (const chunk of child.stdout ?? []) {
    said += chunk;
    const [, resources, seconds] = /up on the embedded cloud: (\d+) resources in (\d+\.\d) s/.exec(said) ?? [];
    if (!seconds || !child.pid) continue;
    const readyMs = performance.now() - startedAt;
    return { child, pid: child.pid, resources: Number(resources), upMs: Number(seconds) * 1_000, readyMs };
  }
  throw new Error("the program did not come up");
};

const stop = async ({ child }: Up): Promise<void> => {
  child.kill("SIGINT");
  await once(child, "exit");
};

const wait = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, seconds * 1_000));

const come = async (): Promise<{ upMs: number; readyMs: number; rss: number; peak: number; resources: number }> => {
  const up = await bringUp();
  const measured = { ...up, rss: megabytes(up.pid, "VmRSS"), peak: megabytes(up.pid, "VmHWM") };
  await stop(up);
  return measured;
};

/** As on a machine that has never run it: nothing compiled, nothing bundled. */
const fromNothing = async (): Promise<number> => {
  const aside = `${keptFolder}.aside`;
  if (existsSync(keptFolder)) renameSync(keptFolder, aside);
  try {
    return (await come()).readyMs;
  } finally {
    rmSync(keptFolder, { recursive: true, force: true });
    if (existsSync(aside)) renameSync(aside, keptFolder);
  }
};

const day = async (): Promise<{ ms: number; peak: number }> => {
  const startedAt = performance.now();
  const child = launch("--once", "--json");
  let peak = 0;
  const watch = setInterval(() => {
    const now = child.pid ? megabytes(child.pid, "VmHWM") : 0;
    // One that has just ended says nothing of its memory.
    if (now > peak) peak = now;
  }, 200);
  child.stdout?.resume();
  const [code] = await once(child, "exit");
  clearInterval(watch);
  if (code !== 0) throw new Error(`the day ended with ${code}`);
  return { ms: performance.now() - startedAt, peak };
};

const idle = async (): Promise<number> => {
  const up = await bringUp();
  await wait(idleSeconds / 2);
  const before = cpuSeconds(up.pid);
  await wait(idleSeconds);
  const share = (cpuSeconds(up.pid) - before) / idleSeconds;
  await stop(up);
  return share;
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** How long `npm start` takes to be there, and what it takes of the machine. */
export const start = async (): Promise<void> => {
  if (!existsSync("/proc/self/status")) throw new UserError("this reads /proc, which only Linux has");
  await come();
  const starts: Awaited<ReturnType<typeof come>>[] = [];
  const days: Awaited<ReturnType<typeof day>>[] = [];
  for (let run = 0; run < runs; run++) starts.push(await come());
  for (let run = 0; run < runs; run++) days.push(await day());
  printTable([
    [`${starts[0]?.resources} resources`, `median of ${runs}`],
    ["the program up, as it says itself", seconds(median(starts.map(({ upMs }) => upMs)))],
    ["from the command to its first line", seconds(median(starts.map(({ readyMs }) => readyMs)))],
    ["the same with nothing compiled or bundled, once", seconds(await fromNothing())],
    ["main process once it is up", `${median(starts.map(({ rss }) => rss)).toFixed(0)} MB`],
    ["main process at most until then", `${median(starts.map(({ peak }) => peak)).toFixed(0)} MB`],
    ["--once, from the command to its end", seconds(median(days.map(({ ms }) => ms)))],
    ["main process at most in a day", `${median(days.map(({ peak }) => peak)).toFixed(0)} MB`],
    ["of one core, idle", `${((await idle()) * 100).toFixed(1)} %`],
  ]);
};
