import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { keptFolder } from "./keptFolder";

const { keepFile } = require("./keptFile.cjs") as { keepFile: (path: string, content: string) => void };

type Serialize = typeof pulumi.runtime.serializeFunction;

/** Such a closure takes nothing from outside but `require`: what it is serialized to follows from its own text. */
const thin =
  /^\(\) => \{\s+const \{ (\w+) \} = require\("\.\/processing\/[\w-]+"\);\s+return \((\w+), (\w+)\) => \1\(\2, \3\);\s+\}$/;

const versions = ["@pulumi/pulumi", "typescript"].map((name) => require(`${name}/package.json`).version);

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

/** Pulumi's `serializeFunction`, which keeps in `folder` what it made of thin closures. */
export const serializeKeeping =
  (serialize: Serialize, folder: string): Serialize =>
  async (func, args = {}) => {
    const code = func.toString();
    if (!thin.test(code)) return serialize(func, args);
    const { exportName = "handler", isFactoryFunction = false } = args;
    const key = JSON.stringify([process.version, versions, exportName, isFactoryFunction, code]);
    const path = join(folder, `${createHash("sha256").update(key).digest("hex")}.js`);
    const kept = read(path);
    if (kept !== undefined) return { text: kept, exportName, containsSecrets: false };
    const made = await serialize(func, args);
    keepFile(path, made.text);
    return made;
  };

/**
 * To serialize a closure, Pulumi loads TypeScript, and has V8's debugger look at all that was ever loaded: a fifth of the
 * program's time. Thin closures are serialized once.
 */
export const keepClosures = (): void => {
  const keeping = serializeKeeping(pulumi.runtime.serializeFunction, join(keptFolder, "closures"));
  Object.defineProperty(pulumi.runtime, "serializeFunction", { value: keeping });
};
