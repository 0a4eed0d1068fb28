// Keeps what V8 makes of the modules of a process, for the next one that loads the same. Node's own cache keeps what is
// compiled when a module is loaded; of functions that are compiled when first called, which are most, it knows nothing.
const { existsSync, readFileSync } = require("node:fs");
const { getSourceMapsSupport, Module } = require("node:module");
const { dirname, sep } = require("node:path");
const { Script, constants } = require("node:vm");
const { crc32 } = require("node:zlib");
const { keepFile } = require("./keptFile.cjs");

/** V8 copies what does not begin at such a place. */
const aligned = (at) => Math.ceil(at / 8) * 8;

/** A kept file: how long its table is, the table, and what the table lists. */
const readKept = (path) => {
  try {
    const kept = readFileSync(path);
    const tableEnd = 8 + kept.readUInt32LE(0);
    const from = aligned(tableEnd);
    const table = JSON.parse(kept.toString("utf8", 8, tableEnd));
    return new Map(
      table.map(([filename, print, at, size, check]) => [
        filename,
        { print, check, data: kept.subarray(from + at, from + at + size) },
      ]),
    );
  } catch {
    return new Map();
  }
};

const asKept = (entries) => {
  const table = [];
  const parts = [];
  let end = 0;
  const append = (part) => {
    const room = Buffer.alloc(aligned(part.length) - part.length);
    parts.push(part, room);
    end += part.length + room.length;
  };
  for (const [filename, { print, data, check = crc32(data) }] of entries) {
    table.push([filename, print, end, data.length, check]);
    append(data);
  }
  const listed = Buffer.from(JSON.stringify(table));
  const head = Buffer.alloc(aligned(8 + listed.length));
  head.writeUInt32LE(listed.length);
  listed.copy(head, 8);
  return Buffer.concat([head, ...parts]);
};

const importing = { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };

/**
 * Node warns, when a script imports in this way for the first time, that it may yet change: with another Node, of which
 * whoever runs this has no choice. Imports at once, and unheard, what is there anyway.
 */
let warned = false;
const importUnwarned = () => {
  warned = true;
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    new Script('import("node:vm")', importing).runInThisContext();
  } finally {
    process.emitWarning = emitWarning;
  }
};

/** V8 itself holds no more than a source's length against what it is given for it. */
const printOf = (code) => [code.length, crc32(code)].join();

/** V8 ends the process over what is damaged. */
const wholeOf = (kept, print) => (kept?.print === print && crc32(kept.data) === kept.check ? kept.data : undefined);

/** What a module asks with, as Node makes it. */
const requireOf = (module) => {
  const ask = (id) => module.require(id);
  ask.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  ask.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  ask.main = process.mainModule;
  ask.extensions = Module._extensions;
  ask.cache = Module._cache;
  return ask;
};

const mapped = "\n//# sourceMappingURL=";

/** A module's code, and the line after it that names its source map, where that is asked for. */
const codeAndMap = (source, filename) => {
  const { enabled, nodeModules } = getSourceMapsSupport();
  if (!enabled || (!nodeModules && filename.includes(`${sep}node_modules${sep}`))) return [source, ""];
  const at = source.lastIndexOf(mapped);
  return at < 0 ? [source, ""] : [source.slice(0, at), source.slice(at)];
};

/** Left to Node: they are loaded where there is something to compile, and all others would read what was kept of them. */
const compilers = ["typescript", "ts-node"].map((name) => `${sep}node_modules${sep}${name}${sep}`);
const isCompiler = (filename) => compilers.some((folder) => filename.includes(folder));

const [opening, closing] = ["(function (exports, require, module, __filename, __dirname) { ", "\n})"];

/**
 * From here on, modules are compiled from what `path` keeps of them. Returns how to keep what was compiled until then, which
 * may be done more than once; where all modules came from there, nothing is written.
 */
const keepCompiled = (path) => {
  const known = readKept(path);
  const loaded = new Map();
  let isNew = false;

  const scriptOf = (code, filename) => {
    const print = printOf(code);
    if (!warned && code.includes("import(")) importUnwarned();
    const cachedData = wholeOf(known.get(filename), print);
    const script = new Script(`${opening}${code}${closing}`, {
      filename,
      columnOffset: -opening.length,
      cachedData,
      ...importing,
    });
    loaded.set(filename, { print, script });
    if (script.cachedDataRejected !== false) isNew = true;
    return script;
  };

  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, filename, format) {
    const isOther = format !== undefined && format !== "commonjs";
    if (isOther || isCompiler(filename)) return compile.call(this, source, filename, format);
    const [code, map] = codeAndMap(source, filename);
    let script;
    try {
      script = scriptOf(code, filename);
    } catch {
      // Node says better what is wrong with it, or that it is no CommonJS.
      return compile.call(this, source, filename, format);
    }
    // Node learns of a source map by compiling what names it, and in no other way.
    if (map) compile.call(this, map, filename, format);
    const run = script.runInThisContext();
    return Reflect.apply(run, this.exports, [this.exports, requireOf(this), this, filename, dirname(filename)]);
  };

  return () => {
    if (!isNew) return;
    const made = Array.from(loaded, ([filename, { print, script }]) => [
      filename,
      { print, data: script.createCachedData() },
    ]);
    const others = [...known].filter(([filename]) => existsSync(filename));
    keepFile(path, asKept(new Map([...others, ...made])));
  };
};

module.exports = { keepCompiled };
