import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { deserialize, serialize } from "node:v8";
import type * as esbuild from "esbuild";

interface Kept {
  /** What each file and folder that was read, or looked into, looked like. */
  seen: Record<string, string>;
  files: { path: string; contents: Uint8Array }[];
}

const looks = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.size} ${found.mtimeMs}` : "gone";
};

/** A file that comes to stand beside another can be found in its stead: so folders are looked at too. */
const looksOf = (root: string, inputs: readonly string[]): Kept["seen"] => {
  const files = inputs.map((input) => resolve(root, input));
  const all = new Set([...files, ...files.map((file) => dirname(file))]);
  return Object.fromEntries([...all].map((path) => [path, looks(path)]));
};

const readKept = (path: string): Kept["files"] | undefined => {
  try {
    const { seen, files } = deserialize(readFileSync(path)) as Kept;
    return Object.entries(seen).every(([file, look]) => looks(file) === look) ? files : undefined;
  } catch {
    return undefined;
  }
};

const keep = (path: string, kept: Kept): void => {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Aside first: another process may be reading or writing the same.
    writeFileSync(`${path}.${process.pid}`, serialize(kept));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // Nothing can be kept here; it is bundled again the next time.
  }
};

const asOutput = ({ path, contents }: Kept["files"][number]): esbuild.OutputFile => ({
  path,
  contents,
  hash: createHash("sha256").update(contents).digest("base64url"),
  get text() {
    return Buffer.from(contents).toString("utf8");
  },
});

/** esbuild's `build`, which keeps in `folder` what it made. */
export const buildKeeping =
  ({ build, version }: Pick<typeof esbuild, "build" | "version">, folder: string) =>
  async (options: esbuild.BuildOptions): Promise<Pick<esbuild.BuildResult, "outputFiles">> => {
    const key = createHash("sha256")
      .update(JSON.stringify([version, options]))
      .digest("hex");
    const path = join(folder, key);
    const kept = readKept(path);
    if (kept) return { outputFiles: kept.map(asOutput) };
    const { outputFiles, metafile } = await build({ ...options, metafile: true, write: false });
    const files = outputFiles.map((file) => ({ path: file.path, contents: file.contents }));
    keep(path, { seen: looksOf(options.absWorkingDir ?? process.cwd(), Object.keys(metafile.inputs)), files });
    return { outputFiles: files.map(asOutput) };
  };

/**
 * What the program bundles while it runs is kept for the next run, here where it runs often; the same files in make the
 * same bytes out. Whatever esbuild read is looked at again before what was kept is used.
 */
export const keepBundles = (root: string): void => {
  const real = require("esbuild") as typeof esbuild;
  const loaded = require.cache[require.resolve("esbuild")];
  const folder = resolve(root, "node_modules/.cache/signal9/bundles");
  if (loaded) loaded.exports = { ...real, build: buildKeeping(real, folder) };
};
