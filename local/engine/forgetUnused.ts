import { readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keptFolder } from "./keptFolder";

/** Where each change of a source leaves one more file beside the last. */
const growing = ["bundles", "typescript", "v8"];
const day = 24 * 3_600_000;
const unusedMs = 14 * day;

/** A file system may note once a day that a file was read; where it never does, what is in use is made anew now and then. */
const usedAt = ({ atimeMs, mtimeMs }: { atimeMs: number; mtimeMs: number }): number => Math.max(atimeMs, mtimeMs);

const forgetIn = async (folder: string, before: number): Promise<void> => {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && usedAt(await stat(path)) < before) await rm(path, { force: true });
  }
};

/** Once a day, forgets what was kept of sources as they were, and has not been used for a fortnight. */
export const forgetUnused = async (folder = keptFolder, now = Date.now()): Promise<void> => {
  const looked = join(folder, "looked-over");
  const last = await stat(looked).catch(() => undefined);
  if (last && now - last.mtimeMs < day) return;
  try {
    await writeFile(looked, "");
    await utimes(looked, new Date(now), new Date(now));
  } catch {
    // Nothing can be kept here.
    return;
  }
  // Another process may do the same, and what it took away is not there any more.
  for (const room of growing) await forgetIn(join(folder, room), now - unusedMs).catch(() => undefined);
};
