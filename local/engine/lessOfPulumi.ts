import { Module } from "node:module";
import { dirname } from "node:path";

/**
 * Parts of Pulumi that take most of its load time and that no program needs in order to run. Imported before Pulumi;
 * whoever does ask one of them for something hears that it is not there.
 */
const pulumi = dirname(require.resolve("@pulumi/pulumi/package.json"));

/** They read node_modules, for the walk that is skipped here. */
const packageReaders = ["@npmcli/arborist", "normalize-package-data"];
/** Starts other stacks from within a program, by Pulumi's CLI. */
const automation = "@pulumi/pulumi/automation";

for (const part of [...packageReaders, automation]) {
  const path = require.resolve(part, { paths: [pulumi] });
  const absent = new Module(path);
  absent.loaded = true;
  absent.exports = new Proxy(
    { __esModule: true },
    {
      get: (known, name) => {
        if (name in known) return Reflect.get(known, name);
        throw new Error(
          `${part} is not there offline or on the embedded cloud: the program asks for its ${String(name)}`,
        );
      },
    },
  );
  require.cache[path] = absent;
}
