import { watch } from "node:fs";
import { resolve } from "node:path";
import { rebuild } from "../../infra/bundle";
import type { EmbeddedCloud } from "../../local/embedded";
import type { Files } from "../../local/engine/archive";

const settleMs = 80;

/** Puts changed code into the functions while they run. Invocations under way end with the code they began with. */
export const watchForChanges = (up: EmbeddedCloud, root: string, tell: (line: string) => void): (() => void) => {
  const reload = async (): Promise<void> => {
    const startedAt = performance.now();
    const bundles = await rebuild(false);
    let changed = 0;
    for (const { type, inputs } of up.run.resources) {
      if (type !== "aws:lambda/function:Function") continue;
      const files = inputs["code"] as Files;
      const path = Object.keys(files).find((one) => one.startsWith("processing/") && one.endsWith(".js")) ?? "";
      const fresh = bundles.get(path.slice("processing/".length, -".js".length))?.code;
      if (fresh === undefined) continue;
      await up.services.lambda.replaceCode(String(inputs["name"]), { ...files, [path]: fresh });
      changed++;
    }
    tell(`reloaded ${changed} functions in ${Math.round(performance.now() - startedAt)} ms`);
  };
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(resolve(root, "functions/processing"), { recursive: true }, (_, file) => {
    if (!file?.endsWith(".ts")) return;
    clearTimeout(timer);
    // An editor may save in several steps; the last one counts.
    timer = setTimeout(() => reload().catch((error: Error) => tell(`not reloaded: ${error.message}`)), settleMs);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
};
