import { basename, resolve } from "node:path";

const { keepCompiled } = require("./compiled.cjs") as { keepCompiled: (path: string) => () => void };

const kept = resolve(__dirname, "../../node_modules/.cache/signal9/compiled");
/** By then a process has begun, and V8 has not yet forgotten what it began with. */
const begunMs = 20_000;

/**
 * For processes that load much, imported before all that they load. What was compiled is kept for the next that begins with
 * the same file. Coverage is counted exactly only in what was compiled anew.
 */
if (require.main && process.env["NODE_V8_COVERAGE"] === undefined) {
  const keep = keepCompiled(resolve(kept, basename(require.main.filename, ".ts")));
  setTimeout(keep, begunMs).unref();
  process.once("exit", keep);
}
