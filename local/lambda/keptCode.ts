import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";

const kept = resolve(__dirname, "../../node_modules/.cache/signal9/functions");
const keptMs = 24 * 3_600_000;

const forgetUnused = (folder: string): void => {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (statSync(path).mtimeMs < Date.now() - keptMs) rmSync(path, { recursive: true, force: true });
  }
};

/**
 * Where functions are unpacked, and what was compiled of them is kept for the next run: half of the time that a
 * worker takes to load. What was not used for a day goes, as each change of the code leaves other folders. Undefined
 * where nothing can be kept.
 */
export const keptCode = (folder = kept): string | undefined => {
  try {
    mkdirSync(folder, { recursive: true });
    forgetUnused(folder);
    // Throws where nothing can be written.
    utimesSync(folder, new Date(), new Date());
    return folder;
  } catch {
    return undefined;
  }
};
