const Module = require("node:module");
const { existsSync, realpathSync } = require("node:fs");
const { basename, dirname, join, resolve, sep } = require("node:path");
const { failure } = require("./errors.cjs");

/** On AWS there is nothing above the archive; here a package found there would only hide that it is missing. */
const keepInside = (root) => {
  const lookUp = Module._nodeModulePaths;
  Module._nodeModulePaths = (from) => lookUp(from).filter((path) => path.startsWith(root + sep));
};

const refuseStreaming = () => {
  const refuse = () => {
    throw failure("Runtime.Unsupported", "response streaming (awslambda) is not supported by the embedded cloud");
  };
  globalThis.awslambda = { streamifyResponse: refuse, HttpResponseStream: { from: refuse } };
};

const load = (path) => {
  try {
    return require([".js", ".cjs", ".mjs"].map((end) => path + end).find(existsSync) ?? path);
  } catch (error) {
    if (error?.code === "MODULE_NOT_FOUND") {
      throw failure("Runtime.ImportModuleError", `Error: ${error.message}`, error.stack);
    }
    if (error instanceof SyntaxError) {
      throw failure("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`, error.stack);
    }
    throw error;
  }
};

/** Finds the function that `module.export` names in the archive. */
const loadHandler = (root, name) => {
  const [, file, path] = /^([^.]+)\.(.+)$/.exec(basename(name)) ?? [];
  if (path === undefined) throw failure("Runtime.MalformedHandlerName", `Bad handler ${name}`);
  keepInside(realpathSync(root));
  refuseStreaming();
  const handler = path.split(".").reduce((at, key) => at?.[key], load(join(resolve(root), dirname(name), file)));
  if (handler === undefined) throw failure("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw failure("Runtime.HandlerNotFound", `${name} is not a function`);
  if (handler.length >= 3) {
    const reason = `${name} takes a callback, which Node.js 24 on Lambda no longer supports: use an async handler`;
    throw failure("Runtime.CallbackHandlerDeprecated", reason);
  }
  return handler;
};

module.exports = { loadHandler };
