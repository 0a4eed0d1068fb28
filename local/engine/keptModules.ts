import { basename, resolve } from "node:path";

type Keep = () => void;
const { keepCompiled } = require("./compiled.cjs") as { keepCompiled: (path: string) => Keep };
const { keepResolved } = require("./resolved.cjs") as { keepResolved: (path: string, installed: string) => Keep };

const packages = resolve(__dirname, "../../node_modules");
/** By then a process has begun, and V8 has not yet forgotten what it began with. */
const begunMs = 20_000;

/**
 * For processes that load much, imported before all that they load. Where modules are, and what was compiled of them, is kept
 * for the next that begins with the same file. Coverage is counted exactly only in what was compiled anew.
 */
if (require.main && process.env["NODE_V8_COVERAGE"] === undefined) {
  const kept = resolve(packages, ".cache/signal9/modules", basename(require.main.filename, ".ts"));
  const keeps = [
    keepResolved(`${kept}.json`, resolve(packages, ".package-lock.json")),
    keepCompiled(`${kept}.compiled`),
  ];
  const keep = () => {
    for (const one of keeps) one();
  };
  setTimeout(keep, begunMs).unref();
  process.once("exit", keep);
}
