import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { deserialize, serialize } from "node:v8";
import type * as esbuild from "esbuild";
import { keptFolder } from "./keptFolder";

const { keepFile } = require("./keptFile.cjs") as { keepFile: (path: string, content: Uint8Array) => void };

interface Kept {
  /** What each file and folder that was read, or looked into, looked like. */
  seen: Record<string, string>;
  files: { path: string; contents: Uint8Array }[];
  metafile: esbuild.Metafile;
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

const read = <Value>(path: string): Value | undefined => {
  try {
    return deserialize(readFileSync(path)) as Value;
  } catch {
    return undefined;
  }
};

const isAsItWas = ({ seen }: Kept): boolean => Object.entries(seen).every(([file, look]) => looks(file) === look);

const keep = (path: string, kept: Kept | esbuild.TransformResult): void => keepFile(path, serialize(kept));

const asOutput = ({ path, contents }: Kept["files"][number]): esbuild.OutputFile => ({
  path,
  contents,
  hash: createHash("sha256").update(contents).digest("base64url"),
  get text() {
    return Buffer.from(contents).toString("utf8");
  },
});

type Made = Pick<esbuild.BuildResult<{ write: false; metafile: true }>, "outputFiles" | "metafile">;

const keyOf = (version: string, options: object, input = ""): string =>
  createHash("sha256")
    .update(JSON.stringify([version, options]))
    .update(input)
    .digest("hex");

/** esbuild's `build`, which keeps in `folder` what it made. */
export const buildKeeping =
  ({ build, version }: Pick<typeof esbuild, "build" | "version">, folder: string) =>
  async (options: esbuild.BuildOptions): Promise<Made> => {
    const path = join(folder, keyOf(version, options));
    const kept = read<Kept>(path);
    if (kept && isAsItWas(kept)) return { outputFiles: kept.files.map(asOutput), metafile: kept.metafile };
    const { outputFiles, metafile } = await build({ ...options, metafile: true, write: false });
    const files = outputFiles.map((file) => ({ path: file.path, contents: file.contents }));
    const seen = looksOf(options.absWorkingDir ?? process.cwd(), Object.keys(metafile.inputs));
    keep(path, { seen, files, metafile });
    return { outputFiles: files.map(asOutput), metafile };
  };

/** And its `transform`, which reads nothing but what it is given. */
export const transformKeeping =
  ({ transform, version }: Pick<typeof esbuild, "transform" | "version">, folder: string) =>
  async (input: string, options: esbuild.TransformOptions = {}): Promise<esbuild.TransformResult> => {
    const path = join(folder, keyOf(version, options, input));
    const kept = read<esbuild.TransformResult>(path);
    if (kept) return kept;
    const made = await transform(input, options);
    keep(path, made);
    return made;
  };

/**
 * What the program bundles while it runs is kept for the next run, here where it runs often; the same files in make the
 * same bytes out. Whatever esbuild read is looked at again before what was kept is used.
 */
export const keepBundles = (): void => {
  const real = require("esbuild") as typeof esbuild;
  const loaded = require.cache[require.resolve("esbuild")];
  const folder = join(keptFolder, "bundles");
  if (!loaded) return;
  loaded.exports = { ...real, build: buildKeeping(real, folder), transform: transformKeeping(real, folder) };
};
