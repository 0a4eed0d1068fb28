import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(__dirname, "..");
const processing = "functions/processing";

export interface Bundle {
  code: string;
  sourceMap: string | undefined;
}

/** The files directly in functions/processing are the ones that closures require; folders hold what they share. */
const entries = (): string[] =>
  readdirSync(resolve(root, processing))
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => `${processing}/${file}`);

const buildAll = async (sourceMaps: boolean): Promise<Map<string, Bundle>> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries(),
    outbase: processing,
    outdir: "out",
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node24",
    // The SDK asks for node:http by import(), which looks up each export, and so loads the whole of fetch with it: 70 ms a start.
    supported: { "dynamic-import": false },
    mainFields: ["module", "main"],
    alias: { "@aws-sdk/credential-provider-node": resolve(root, processing, "aws/credentials.ts") },
    legalComments: "none",
    charset: "utf8",
    sourcemap: sourceMaps ? "linked" : false,
    sourcesContent: false,
    logLevel: "error",
    tsconfigRaw: {},
  });
  const text = new Map(outputFiles.map((file) => [file.path.slice(resolve(root, "out").length + 1), file.text]));
  const bundles = new Map<string, Bundle>();
  for (const [path, code] of text) {
    if (path.endsWith(".js")) bundles.set(path.slice(0, -".js".length), { code, sourceMap: text.get(`${path}.map`) });
  }
  return bundles;
};

/** Builds every entry as its files are now, also for those who ask later. */
export const rebuild = (sourceMaps: boolean): Promise<Map<string, Bundle>> => {
  const all = buildAll(sourceMaps);
  built.set(sourceMaps, all);
  return all;
};

const built = new Map<boolean, Promise<Map<string, Bundle>>>();

/** One file with everything that entry `name` of the shared module needs. All entries are built at once, on first use. */
export const bundle = async (name: string, sourceMaps: boolean): Promise<Bundle> => {
  const found = (await (built.get(sourceMaps) ?? rebuild(sourceMaps))).get(name);
  if (!found) throw new Error(`${processing}/${name}.ts does not exist, but a closure requires it`);
  return found;
};
