// Loads TypeScript as Pulumi's CLI does: whatever it is, by ts-node, anew each time.
const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");

const project = resolve(__dirname, "../../infra/tsconfig.pulumi.json");
const { compilerOptions } = JSON.parse(readFileSync(project, "utf8"));

require("ts-node").register({
  compiler: "typescript",
  transpileOnly: compilerOptions.noCheck,
  project,
  compilerOptions: {
    target: "ES2020",
    module: "nodenext",
    moduleResolution: "nodenext",
    sourceMap: true,
    ...compilerOptions,
  },
});
