import { Module } from "node:module";
import { dirname } from "node:path";
import v8 from "node:v8";

/**
 * Parts of Pulumi that take most of its load time and that no program needs in order to run. Imported before Pulumi;
 * whoever does ask one of them for something hears that it is not there.
 */
const pulumi = dirname(require.resolve("@pulumi/pulumi/package.json"));

/** They read node_modules, for the walk that is skipped here. */
const packageReaders = ["@npmcli/arborist", "normalize-package-data"];
/** Starts other stacks from within a program, by Pulumi's CLI. */
const automation = "@pulumi/pulumi/automation";

/** Has Pulumi find, in place of one of its modules, what answers when it is asked for something. */
const replace = (part: string, ask: (name: string | symbol) => unknown): void => {
  const path = require.resolve(part, { paths: [pulumi] });
  const instead = new Module(path);
  instead.loaded = true;
  instead.exports = new Proxy(
    { __esModule: true },
    { get: (known, name) => (name in known ? Reflect.get(known, name) : ask(name)) },
  );
  require.cache[path] = instead;
};

for (const part of [...packageReaders, automation]) {
  replace(part, (name) => {
    throw new Error(`${part} is not there offline or on the embedded cloud: the program asks for its ${String(name)}`);
  });
}

/** Needed only where a closure is serialized for the first time. */
replace("@pulumi/pulumi/typescript-shim", (name) => Reflect.get(require("typescript"), name));

/**
 * Pulumi still has V8 accept a syntax that it once used. With this flag or without, V8 takes nothing that was compiled the
 * other way: whatever is loaded from then on, of Node's own modules too, would be compiled anew.
 */
const { setFlagsFromString } = v8;
v8.setFlagsFromString = (flags) => {
  if (flags !== "--allow-natives-syntax") setFlagsFromString(flags);
};
