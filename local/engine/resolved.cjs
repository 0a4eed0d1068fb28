// Keeps which files the packages of a process lead to. To find that out, Node looks at the disk several times for each.
const { readFileSync, statSync } = require("node:fs");
const { isBuiltin, Module } = require("node:module");
const { dirname, sep } = require("node:path");
const { keepFile } = require("./keptFile.cjs");

/** What npm writes anew with whatever it installs. */
const markOf = (installed) => {
  try {
    const { mtimeMs, size, ino } = statSync(installed);
    return [mtimeMs, size, ino].join();
  } catch {
    return undefined;
  }
};

const readKept = (path, mark) => {
  try {
    const kept = JSON.parse(readFileSync(path, "utf8"));
    return kept.mark === mark ? kept.found : {};
  } catch {
    return {};
  }
};

/** Files of the project come and go; what a package asks for, or is asked for by its name, does so by npm alone. */
const isOfPackages = (request, from) =>
  from.includes(`${sep}node_modules${sep}`) || !(request.startsWith(".") || request.startsWith("/"));

/**
 * From here on, requests for packages lead where `path` keeps that they led to, as long as `installed` is the same file.
 * Returns how to keep where they led until then.
 */
const keepResolved = (path, installed) => {
  const mark = markOf(installed);
  if (mark === undefined) return () => undefined;
  const found = readKept(path, mark);
  let isNew = false;

  const lookUp = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, isMain, options) {
    const from = parent?.filename;
    if (!from || options || isBuiltin(request) || !isOfPackages(request, from)) {
      return lookUp.call(this, request, parent, isMain, options);
    }
    const key = `${dirname(from)} ${request}`;
    const known = found[key];
    if (known !== undefined) return known;
    isNew = true;
    found[key] = lookUp.call(this, request, parent, isMain, options);
    return found[key];
  };

  return () => {
    if (isNew) keepFile(path, JSON.stringify({ mark, found }));
    isNew = false;
  };
};

module.exports = { keepResolved };
