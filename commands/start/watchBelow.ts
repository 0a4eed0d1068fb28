import { type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { join, sep } from "node:path";

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Tells of files below a folder that are written, replaced, added or removed, by their paths in it. Node's own recursive
 * watch looks at each file, on Linux: once an editor has put another file in its place, it looks at the one that is gone.
 */
export const watchBelow = (top: string, changed: (path: string) => void): (() => void) => {
  const watchers = new Map<string, FSWatcher>();
  const forget = (folder: string): void => {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(`${folder}${sep}`)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  const tell = (path: string): void => changed(path.slice(top.length + 1).replaceAll(sep, "/"));
  const add = (folder: string, found: (path: string) => void): void => {
    if (watchers.has(folder)) return;
    const watcher = watch(folder, (event, name) => {
      if (name !== null) look(event, join(folder, name));
    });
    watchers.set(
      folder,
      watcher.on("error", () => forget(folder)),
    );
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) add(path, found);
      else found(path);
    }
  };
  const look = (event: string, path: string): void => {
    // Perhaps another folder of the same name.
    if (event === "rename") forget(path);
    if (!isFolder(path)) {
      tell(path);
      return;
    }
    try {
      add(path, tell);
    } catch {
      // It is gone by now.
      forget(path);
    }
  };
  add(top, () => undefined);
  return () => forget(top);
};
