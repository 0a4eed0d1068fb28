import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";

export type Archive = Record<string, Buffer | string>;

const checked = (path: string): string => {
  const parts = path.split(/[/\\]/);
  if (path === "" || path.includes("\0") || isAbsolute(path) || /^[A-Za-z]:/.test(path) || parts.includes("..")) {
    throw new Error(`the archive's path ${JSON.stringify(path)} would lie outside its folder`);
  }
  return path;
};

/** Writes an archive to a fresh folder below `workDir`. Nothing is written if any of its paths would leave it. */
export const unpack = async (archive: Archive, workDir: string, name: string): Promise<string> => {
  const files = Object.entries(archive).map(([path, content]) => [checked(path), content] as const);
  if (!/^[\w.-]+$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot be part of a folder's name`);
  await mkdir(workDir, { recursive: true });
  const folder = await mkdtemp(join(workDir, `${name}-`));
  await Promise.all(
    files.map(async ([path, content]) => {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }),
  );
  return folder;
};
