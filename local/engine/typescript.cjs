// Loads TypeScript the way Pulumi's CLI does, for every command and test: another loader, or other options, would
// serialize the same closure to other text, and an unchanged function would show as a difference.
//
// What was compiled once is kept: the compiler itself is loaded only for files that changed since.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join, resolve } = require("node:path");
const { parse } = require("yaml");

const root = resolve(__dirname, "../..");
const { runtime } = parse(readFileSync(resolve(root, "Pulumi.yaml"), "utf8"));
const project = resolve(root, runtime.options.tsconfig);
const { compilerOptions } = JSON.parse(readFileSync(project, "utf8"));

let service;
const compile = (code, filename) => {
  service ??= require("ts-node").create({
    compiler: "typescript",
    transpileOnly: compilerOptions.noCheck,
    project,
    compilerOptions: { sourceMap: true, ...compilerOptions },
  });
  return service.compile(code, filename);
};

const kept = resolve(root, "node_modules/.cache/signal9/typescript");
const versions = ["typescript", "ts-node"].map((name) => require(`${name}/package.json`).version);
const settings = JSON.stringify([compilerOptions, versions]);

const read = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

const keep = (path, text) => {
  try {
    mkdirSync(kept, { recursive: true });
    // Aside first: another process may be reading or writing the same.
    const aside = `${path}.${process.pid}`;
    writeFileSync(aside, text);
    renameSync(aside, path);
  } catch {
    // Nothing can be kept here; it is compiled again the next time.
  }
};

const javascript = (filename) => {
  const code = readFileSync(filename, "utf8");
  const key = createHash("sha256")
    .update(settings)
    .update("\0")
    .update(filename)
    .update("\0")
    .update(code)
    .digest("hex");
  const path = join(kept, `${key}.js`);
  const known = read(path);
  if (known !== undefined) return known;
  const compiled = compile(code, filename);
  keep(path, compiled);
  return compiled;
};

enableCompileCache?.(resolve(root, "node_modules/.cache/signal9/v8"));
process.setSourceMapsEnabled(true);
require.extensions[".ts"] = (module, filename) => module._compile(javascript(filename), filename);
