import { join } from "node:path";
import type { Metafile, Plugin } from "esbuild";
import { asPart, buildOptions, built, type Making, outdir, type Part, type Parts } from "./part";

/** An entry is no file, but says itself what is in it. */
const entriesAsText = (resolveDir: string): Plugin => ({
  name: "entries as text",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^export / }, ({ path }) => ({ path, namespace: "text" }));
    onLoad({ filter: /^/, namespace: "text" }, ({ path }) => ({ contents: path, resolveDir }));
  },
});

/** What the SDK has at hand for every client and uses for few: loaded when it is first asked for something. */
const whenUsed: Record<string, string> = {
  // 10 ms of the processor at each start. Its constants are taken before anything is asked of it.
  "node:http2": `const http2 = () => process.getBuiltinModule("node:http2");
    const constants = new Proxy({}, { get: (_, name) => http2().constants[name] });
    export default new Proxy({ constants }, { get: (known, name) => known[name] ?? http2()[name] });`,
  // 3 ms, for files with settings, of which a function has none.
  "node:fs/promises": `export const readFile = (...given) => process.getBuiltinModule("node:fs/promises").readFile(...given);`,
};

const loadedWhenUsed: Plugin = {
  name: "loaded when used",
  setup: ({ onResolve, onLoad }) => {
    const filter = new RegExp(`^(${Object.keys(whenUsed).join("|")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "when used" }));
    onLoad({ filter: /^/, namespace: "when used" }, ({ path }) => ({ contents: whenUsed[path] ?? "" }));
  },
};

/** Flat, so that all parts ask for each other in the same way. */
const outOf = (from: string): string => from.replaceAll("/", "+");

type Outputs = Metafile["outputs"];

const askedBy = ({ imports }: Outputs[string]): string[] =>
  imports.filter(({ external }) => !external).map(({ path }) => path);

/** From the packages on, each where it is first asked for. */
const inOrder = (paths: readonly string[], outputs: Outputs, found = new Set<string>()): Set<string> => {
  for (const path of paths) {
    const output = outputs[path];
    if (!output || found.has(path)) continue;
    found.add(path);
    inOrder(askedBy(output), outputs, found);
  }
  return found;
};

/**
 * esbuild's names are hashes, also of where the sources lie, and which letters occur in a text decides how it is minified.
 * Numbers are the same everywhere. As long as those: a source map counts characters.
 */
const numbered = (path: string, at: number): string =>
  path.replace(/-[A-Z0-9]{8}\.js$/, `-${String(at).padStart(8, "0")}.js`);

/**
 * Makes parts of packages: of each, what is used of it anywhere, and in parts of their own what several of them need.
 * To make them anew for each function takes four times as long as all else.
 */
export const makePackages = async (
  used: ReadonlyMap<string, ReadonlySet<string>>,
  alias: Record<string, string>,
  making: Making,
): Promise<Parts> => {
  const { outputFiles, metafile } = await built({
    ...buildOptions(making),
    entryPoints: [...used].sort().map(([from, names]) => ({
      in: `export { ${[...names].sort().join(", ")} } from ${JSON.stringify(from)};`,
      out: outOf(from),
    })),
    plugins: [entriesAsText(making.root), loadedWhenUsed],
    splitting: true,
    minify: true,
    // The SDK asks for node:http by import(), which looks up each export, and so loads the whole of fetch with it: 70 ms a start.
    supported: { "dynamic-import": false },
    alias,
  });
  const made = new Map(outputFiles.map((file) => [file.path, file]));
  const packages = new Map([...used.keys()].sort().map((from) => [`${outdir}/${outOf(from)}.js`, from]));
  const fileOf = (path: string): string => path.slice(outdir.length + 1);
  const names = new Map(
    Array.from(inOrder([...packages.keys()], metafile.outputs), (path, at) => [
      path,
      packages.get(path) ?? `./${fileOf(numbered(path, at))}`,
    ]),
  );
  return new Map(
    await Promise.all(
      Array.from(names, async ([path, name]): Promise<[string, Part]> => {
        const output = metafile.outputs[path];
        const asked = output ? askedBy(output) : [];
        const text = made.get(join(making.root, path))?.text ?? "";
        const renamed = asked.reduce((so, one) => so.replaceAll(`"./${fileOf(one)}"`, `"${names.get(one)}"`), text);
        const asks = asked.map((one) => names.get(one) ?? one);
        return [name, await asPart(renamed, made.get(join(making.root, `${path}.map`)), asks)];
      }),
    ),
  );
};
