// Loads TypeScript the way Pulumi's CLI does, for every command and test: another loader, or other options, would
// serialize the same closure to other text, and an unchanged function would show as a difference.
const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");
const { parse } = require("yaml");

const root = resolve(__dirname, "../..");
const { runtime } = parse(readFileSync(resolve(root, "Pulumi.yaml"), "utf8"));
const project = resolve(root, runtime.options.tsconfig);
const { compilerOptions } = JSON.parse(readFileSync(project, "utf8"));

require("ts-node").register({
  compiler: "typescript",
  transpileOnly: compilerOptions.noCheck,
  project,
  compilerOptions: { sourceMap: true, ...compilerOptions },
});
