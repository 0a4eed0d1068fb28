import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

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

const quietly = async (name: string, step: Promise<Step>): Promise<boolean> => {
  const { ok, output } = await step;
  console.log(`${ok ? "ok    " : "FAILED"}  ${name}`);
  if (!ok) console.log(output);
  return ok;
};

const counted = (output: string, word: string): number =>
  Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0);

const suites = async (): Promise<{ ok: boolean; passed: number; failed: number }> => {
  const selected = process.argv.slice(2);
  const files = selected.length > 0 ? selected : ["tests/**/*.test.ts"];
  const { ok, output } = await run(true, bin("c8"), bin("mocha"), "--no-color", ...files);
  return { ok, passed: counted(output, "passing"), failed: counted(output, "failing") };
};

const main = async (): Promise<void> => {
  const formatted = await quietly("format and lint", run(false, bin("biome"), "ci", "--colors=off", "."));
  const typed = await quietly("types", run(false, bin("tsc"), "--project", "."));
  const { ok, passed, failed } = await suites();
  const covered = ok || failed > 0;
  const steps = [formatted, typed, covered, passed > 0];
  if (!covered) console.log("FAILED  coverage, or a suite that did not come to its end");
  const stepsFailed = steps.filter((held) => !held).length;
  console.log(`\n${passed + steps.length - stepsFailed} passed, ${failed + stepsFailed} failed`);
  process.exitCode = ok && stepsFailed === 0 ? 0 : 1;
};

void main();
