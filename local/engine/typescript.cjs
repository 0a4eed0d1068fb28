// Loads TypeScript for every command and test. The program itself is compiled the way Pulumi's CLI does it: another
// compiler, or other options, would serialize the same closure to other text, and an unchanged function would show as a
// difference. All else is compiled by a faster one, which gives the same behaviour and takes a twentieth of the time.
//
// What was compiled once is kept: a compiler is loaded only for files that changed since.
const { createHash } = require("node:crypto");
const { readdirSync, readFileSync } = require("node:fs");
const { enableCompileCache, setSourceMapsSupport } = require("node:module");
const { dirname, join, resolve, sep } = require("node:path");
const { keepFile } = require("./keptFile.cjs");

const root = resolve(__dirname, "../..");
// The one line of it that matters here: to load a reader of YAML would take every process 40 ms.
const [, tsconfig] = /^ +tsconfig: *(\S+)$/m.exec(readFileSync(resolve(root, "Pulumi.yaml"), "utf8")) ?? [];
if (!tsconfig) throw new Error("Pulumi.yaml has no runtime.options.tsconfig");
const project = resolve(root, tsconfig);
const { compilerOptions } = JSON.parse(readFileSync(project, "utf8"));

const kept = resolve(root, "node_modules/.cache/signal9/typescript");
const versions = ["typescript", "ts-node", "esbuild"].map((name) => require(`${name}/package.json`).version);
const settings = JSON.stringify([compilerOptions, versions]);

const read = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

const keptPath = (filename, code) => {
  const hash = createHash("sha256");
  for (const part of [settings, filename, code]) hash.update(part).update("\0");
  return join(kept, `${hash.digest("hex")}.js`);
};

let service;
const asPulumiDoes = (filename, code) => {
  service ??= require("ts-node").create({
    compiler: "typescript",
    transpileOnly: compilerOptions.noCheck,
    project,
    compilerOptions: { sourceMap: true, ...compilerOptions },
  });
  return service.compile(code, filename);
};

/** What is not the program: no closure of theirs is ever serialized. */
const aside = ["commands", "functions/processing", "local", "tests"].map((room) => resolve(root, room) + sep);
const isAside = (filename) => aside.some((room) => filename.startsWith(room));

const inFolder = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));

/** Compiles files together, and keeps each. Returns what became of one of them. */
const fast = (filenames, wanted) => {
  const { outputFiles } = require("esbuild").buildSync({
    absWorkingDir: root,
    entryPoints: filenames,
    outbase: root,
    outdir: root,
    write: false,
    format: "cjs",
    platform: "node",
    target: compilerOptions.target,
    sourcemap: "inline",
    sourcesContent: false,
    tsconfigRaw: {},
    logLevel: "silent",
  });
  let found;
  for (const { path, text } of outputFiles) {
    const filename = path.replace(/\.js$/, ".ts");
    const code = read(filename);
    if (code !== undefined) keepFile(keptPath(filename, code), text);
    if (filename === wanted) found = text;
  }
  return found;
};

const whole = new Set();
/** Compiles the whole folder at once: whoever needs one of its files needs most of them. */
const compileAside = (filename) => {
  const folder = dirname(filename);
  if (whole.has(folder)) return fast([filename], filename);
  whole.add(folder);
  const missing = inFolder(folder).filter((path) => read(keptPath(path, read(path) ?? "")) === undefined);
  return fast(missing, filename);
};

const javascript = (filename) => {
  const code = readFileSync(filename, "utf8");
  const path = keptPath(filename, code);
  const known = read(path);
  if (known !== undefined) return known;
  if (isAside(filename)) return compileAside(filename);
  const compiled = asPulumiDoes(filename, code);
  keepFile(path, compiled);
  return compiled;
};

/** Compiles what the program consists of, before it is asked for. */
const compileProgram = () => {
  const folders = [join(root, "functions"), join(root, "infra"), join(root, "infra/bundle")];
  for (const path of [join(root, "index.ts"), ...folders.flatMap(inFolder)]) javascript(path);
};
module.exports = { compileProgram };

enableCompileCache?.(resolve(root, "node_modules/.cache/signal9/v8"));
// Of the program alone: those of packages take time to read, and lead to sources that nobody here wrote.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
require.extensions[".ts"] = (module, filename) => module._compile(javascript(filename), filename);
