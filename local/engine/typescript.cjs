// Loads TypeScript for every command and test. Wherever the program has a closure, it is compiled the way Pulumi's CLI does
// it: another compiler, or other options, would serialize the same closure to other text, and an unchanged function would
// show as a difference. All else is compiled by a faster one, which gives the same behaviour and takes a twentieth of the time.
//
// What was compiled once is kept: a compiler is loaded only for files that changed since.
const { createHash } = require("node:crypto");
const { readdirSync, readFileSync } = require("node:fs");
const { enableCompileCache, setSourceMapsSupport } = require("node:module");
const { join, relative, resolve, sep } = require("node:path");
const { keepFile } = require("./keptFile.cjs");

const root = resolve(__dirname, "../..");
// The one line of it that matters here: to load a reader of YAML would take every process 40 ms.
const [, tsconfig] = /^ +tsconfig: *(\S+)$/m.exec(readFileSync(resolve(root, "Pulumi.yaml"), "utf8")) ?? [];
if (!tsconfig) throw new Error("Pulumi.yaml has no runtime.options.tsconfig");
const project = resolve(root, tsconfig);
const { compilerOptions } = JSON.parse(readFileSync(project, "utf8"));

const kept = resolve(root, "node_modules/.cache/signal9/typescript");
const versionOf = (name) => {
  try {
    return require(`${name}/package.json`).version;
  } catch {
    console.error("The packages of this project are not installed here, or not all of them. Do that first: npm ci");
    return process.exit(2);
  }
};
const versions = ["typescript", "ts-node", "@swc/core"].map(versionOf);
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

/** infra/lambda.ts takes no closure that does not require its entry from there. */
const hasClosure = (filename, code) => !isAside(filename) && code.includes("./processing/");

const inFolder = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));

/** In this process: a compiler of its own for each call would take ten times as long as what it has to do. */
const fast = (filename, code) =>
  require("@swc/core").transformSync(code, {
    filename,
    configFile: false,
    swcrc: false,
    jsc: { parser: { syntax: "typescript" }, target: compilerOptions.target.toLowerCase() },
    module: { type: "commonjs", ignoreDynamic: true },
    sourceMaps: "inline",
    inlineSourcesContent: false,
  }).code;

/** Of what a compiler says, all but how it was built and where in it that was found. */
const mistakeIn = (filename, { message }) => {
  const [said] = message.split(/\n+Caused by:/);
  return Object.assign(new Error(`${relative(root, filename)} cannot be compiled\n\n${said.trim()}`), {
    name: "SourceError",
  });
};

const compiledAnew = (filename, code) => {
  try {
    return hasClosure(filename, code) ? asPulumiDoes(filename, code) : fast(filename, code);
  } catch (error) {
    throw mistakeIn(filename, error);
  }
};

const javascript = (filename) => {
  const code = readFileSync(filename, "utf8");
  const path = keptPath(filename, code);
  const known = read(path);
  if (known !== undefined) return known;
  const compiled = compiledAnew(filename, code);
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
