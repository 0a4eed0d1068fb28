const { mkdirSync, renameSync, writeFileSync } = require("node:fs");
const { dirname } = require("node:path");

/** Keeps a file for processes to come, which can do without it: where nothing can be kept, nothing is. */
const keepFile = (path, content) => {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Aside first: another process may be reading or writing the same.
    const aside = `${path}.${process.pid}`;
    writeFileSync(aside, content);
    renameSync(aside, path);
  } catch {
    // It is made again the next time.
  }
};

module.exports = { keepFile };
