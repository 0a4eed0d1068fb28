import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { forgetUnused } from "../local/engine/forgetUnused";

/** Everything that must hold before a change may land: format, lint, types, tests, coverage. */

const root = resolve(__dirname, "..");
const bin = (name: string): string => resolve(root, "node_modules/.bin", name);

interface Step {
  ok: boolean;
  output: string;
}

const collect = (child: ChildProcess, show: boolean): Promise<Step> =>
  new Promise((done) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        output += chunk;
        if (show) process.stdout.write(chunk);
      });
    }
    child.once("exit", (code) => done({ ok: code === 0, output }));
  });

const run = (show: boolean, command: string, ...args: string[]): Promise<Step> =>
  collect(spawn(command, args, { cwd: root }), show);

const installed = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Debian starts what it installs, unless this file says no. */
const startPolicy = "/usr/sbin/policy-rc.d";

const withoutStarting = async <T>(work: () => Promise<T>): Promise<T> => {
  let ours = false;
  try {
    writeFileSync(startPolicy, "#!/bin/sh\nexit 101\n", { mode: 0o755, flag: "wx" });
    ours = true;
  } catch {
    // This machine has a policy of its own.
  }
  try {
    return await work();
  } finally {
    if (ours) rmSync(startPolicy);
  }
};

const withinMs = 240_000;
const aptOptions = ["Acquire::Retries=3", "Acquire::http::Timeout=30", "DPkg::Lock::Timeout=120"].flatMap((option) => [
  "-o",
  option,
]);

const apt = (...args: string[]): Promise<Step> =>
  collect(
    spawn("apt-get", [...aptOptions, ...args], {
      cwd: root,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: withinMs,
      killSignal: "SIGKILL",
    }),
    false,
  );

/** The tests of the cache need a real Redis, which is installed where that is possible without asking anybody. */
const redis = async (): Promise<Step> => {
  if (installed("redis-server")) return { ok: true, output: "" };
  if (process.getuid?.() !== 0 || !installed("apt-get")) {
    const output = "There is no redis-server: sudo apt-get install redis-server, or brew install redis";
    return { ok: false, output };
  }
  console.log("        redis-server is missing, and is installed with apt-get");
  // A mirror that is away need not keep the others from having the package.
  const updated = await apt("update");
  const done = await withoutStarting(() => apt("install", "-y", "--no-install-recommends", "redis-server"));
  return { ok: done.ok && installed("redis-server"), output: `${updated.output}${done.output}` };
};

const counted = (output: string, word: string): number =>
  Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0);

/** Mocha's last part: which tests failed, and by what. */
const failuresIn = (output: string): string[] => /^ *\d+ failing\n[\s\S]*$/m.exec(output)?.slice(0, 1) ?? [];

const wholeProgram = "tests/local/program/**/*.test.ts";

/** Files, and what else mocha understands. */
const selected = process.argv.slice(2);

/** Run side by side, in processes of their own: the whole program's take about as long as all others together. */
const lanes: readonly string[][] =
  selected.length > 0 ? [selected] : [[wholeProgram], ["tests/**/*.test.ts", "--exclude", wholeProgram]];

const coverageFolder = resolve(root, "coverage");

/** One after the other for the reader: what a lane says while another has the word is said when that has ended. */
const runLane = async (files: readonly string[], before: Promise<unknown> | undefined): Promise<Step> => {
  const env = { ...process.env, NODE_V8_COVERAGE: join(coverageFolder, "tmp") };
  const child = spawn(bin("mocha"), ["--no-color", ...files], { cwd: root, env });
  if (!before) return collect(child, true);
  const step = await collect(child, false);
  await before;
  process.stdout.write(step.output);
  return step;
};

interface Suites {
  /** All lanes came to their end, and none of their tests failed. */
  ok: boolean;
  ended: boolean;
  passed: number;
  failed: number;
  /** What mocha said of those that failed. */
  failures: string[];
}

const suites = async (): Promise<Suites> => {
  rmSync(coverageFolder, { recursive: true, force: true });
  const running: Promise<Step>[] = [];
  for (const files of lanes) running.push(runLane(files, running.at(-1)));
  const steps = await Promise.all(running);
  const counts = (word: string): number[] => steps.map(({ output }) => counted(output, word));
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
  const failing = counts("failing");
  const passing = counts("passing");
  return {
    ok: steps.every(({ ok }) => ok),
    // Mocha's status is how many failed: another end is none of its own.
    ended: steps.every(({ ok }, at) => ((ok ? passing : failing)[at] ?? 0) > 0),
    passed: sum(passing),
    failed: sum(failing),
    failures: steps.flatMap(({ output }) => failuresIn(output)),
  };
};

const main = async (): Promise<void> => {
  const held: Record<string, boolean> = {};
  const note = (name: string, ok: boolean): void => {
    held[name] = ok;
    if (!ok) console.log(`FAILED  ${name}`);
  };
  const step = async (name: string, of: Promise<Step>): Promise<void> => {
    const { ok, output } = await of;
    note(name, ok);
    console.log(ok ? `ok      ${name}` : output);
  };
  await step("format and lint", run(false, bin("biome"), "ci", "--colors=off", "."));
  await step("types", run(false, bin("tsc"), "--project", "."));
  await step("redis-server for the tests", redis());
  const { ok, ended, passed, failed, failures } = await suites();
  note("all suites came to their end", ended);
  // A few of the tests cannot reach what all of them must.
  if (selected.length === 0) note("coverage", (await run(true, bin("c8"), "report")).ok);
  const names = Object.keys(held);
  const failedSteps = names.filter((name) => !held[name]);
  // Much has been said since, and who reads a log reads its end.
  if (selected.length === 0 && failedSteps.length + failures.length > 0) {
    console.log("\nWhat failed, once more:\n");
    for (const name of failedSteps) console.log(`  ${name}`);
    for (const text of failures) console.log(text.trimEnd());
  }
  console.log(`\n${passed + names.length - failedSteps.length} passed, ${failed + failedSteps.length} failed`);
  process.exitCode = ok && failedSteps.length === 0 ? 0 : 1;
  await forgetUnused();
};

void main();
