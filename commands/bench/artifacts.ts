import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { transform } from "esbuild";
import { zipSync } from "fflate";
import type { Files } from "../../local/engine/archive";
import { predicted } from "../../local/engine/predicted";
import { runProgram } from "../../local/engine/program";
import { readStack } from "../../local/engine/stackFile";
import { median, printTable } from "./measure";

const root = resolve(__dirname, "../..");
const runs = 15;
const run = promisify(execFile);

/** Pulumi's own answer to which packages a function needs, asked before the program's loader replaces the question. */
const { computeCodePaths } = pulumi.runtime;

const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const zippedBytes = async (folder: string): Promise<{ bytes: number; files: number }> => {
  const paths = await filesBelow(folder);
  const contents = await Promise.all(
    paths.map(async (path) => [relative(folder, path), await readFile(path)] as const),
  );
  return { bytes: zipSync(Object.fromEntries(contents), { level: 6 }).length, files: paths.length };
};

/** What Pulumi packs when nothing is said, with each closure the same: every package of `dependencies`, the module as it is. */
const packByDefault = async (folder: string): Promise<void> => {
  for (const [path, asset] of await computeCodePaths({})) {
    const source = (asset as { path: string | Promise<string> }).path;
    await cp(resolve(root, await source), join(folder, path), { recursive: true, dereference: true });
  }
  const processing = resolve(root, "functions/processing");
  for (const path of await filesBelow(processing)) {
    const { code } = await transform(await readFile(path, "utf8"), { loader: "ts", format: "cjs", target: "node24" });
    const target = join(folder, "processing", relative(processing, path).replace(/\.ts$/, ".js"));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
};

const loadMs = async (folder: string): Promise<number> => {
  const script =
    "const at = performance.now(); require(process.argv[1] + '/__index.js'); console.log(performance.now() - at)";
  const { stdout } = await run(process.execPath, ["-e", script, folder], { cwd: folder });
  return Number(stdout);
};

const kb = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KB`;

/** Packs every function both ways and loads both in fresh processes, turn about. */
export const artifacts = async (): Promise<void> => {
  const program = await runProgram({ root, stack: "dev", settings: readStack(root, "dev"), cloud: predicted });
  const work = await mkdtemp(join(tmpdir(), "signal9-artifacts-"));
  const rows: string[][] = [["function", "ours", "files", "default", "files", "smaller", "load", "default", "ratio"]];
  const ratios: { size: number; load: number }[] = [];
  const functions = program.resources.filter(({ type }) => type === "aws:lambda/function:Function");
  try {
    const theirs = join(work, "default");
    await packByDefault(theirs);
    // Without the closure: some hundred bytes of nine million.
    const large = await zippedBytes(theirs);
    for (const [at, { name, inputs }] of functions.entries()) {
      const ours = join(work, name);
      const files = inputs["code"] as Files;
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(ours, path)), { recursive: true });
        await writeFile(join(ours, path), text);
      }
      await writeFile(join(theirs, "__index.js"), files["__index.js"] ?? "");
      const small = await zippedBytes(ours);
      const loads = { ours: [] as number[], theirs: [] as number[] };
      for (let turn = 0; turn < runs; turn++) {
        loads.ours.push(await loadMs(ours));
        loads.theirs.push(await loadMs(theirs));
      }
      const [mine, default_] = [median(loads.ours), median(loads.theirs)];
      ratios.push({ size: large.bytes / small.bytes, load: mine / default_ });
      rows.push([
        name,
        kb(small.bytes),
        String(small.files),
        kb(large.bytes),
        String(large.files + 1),
        `${(large.bytes / small.bytes).toFixed(1)} x`,
        `${mine.toFixed(0)} ms`,
        `${default_.toFixed(0)} ms`,
        (mine / default_).toFixed(2),
      ]);
      process.stderr.write(`${at + 1} of ${functions.length} functions\n`);
    }
    printTable(rows);
    const size = median(ratios.map((one) => one.size));
    const load = median(ratios.map((one) => one.load));
    console.log(
      `\nmedian: ${size.toFixed(1)} x smaller, ${load.toFixed(2)} x the load time (${runs} fresh processes each)`,
    );
  } finally {
    await rm(work, { recursive: true });
  }
};
