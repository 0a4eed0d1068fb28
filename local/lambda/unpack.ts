import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { Files } from "../engine/archive";

/** Where it lies, and what it is. */
export interface Unpacked {
  folder: string;
  /** Of all its files. */
  sha256: string;
  bytes: number;
}

type Contents = (readonly [path: string, content: Buffer])[];

const asBuffer = (content: string | Buffer): Buffer => (typeof content === "string" ? Buffer.from(content) : content);

const checked = (path: string): string => {
  const parts = path.split(/[/\\]/);
  if (path === "" || path.includes("\0") || isAbsolute(path) || /^[A-Za-z]:/.test(path) || parts.includes("..")) {
    throw new Error(`the archive's path ${JSON.stringify(path)} would lie outside its folder`);
  }
  return path;
};

const digest = (files: Contents): Buffer => {
  const hash = createHash("sha256");
  for (const [path, content] of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest();
};

/** Does the folder hold these files and nothing else? */
const holds = async (folder: string, files: Contents): Promise<boolean> => {
  try {
    const there = await readdir(folder, { recursive: true, withFileTypes: true });
    if (there.filter((entry) => !entry.isDirectory()).length !== files.length) return false;
    const same = await Promise.all(
      files.map(async ([path, content]) => content.equals(await readFile(join(folder, path)))),
    );
    return same.every(Boolean);
  } catch {
    return false;
  }
};

const write = async (folder: string, files: Contents): Promise<void> => {
  await Promise.all(
    files.map(async ([path, content]) => {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }),
  );
};

/**
 * Writes an archive to a folder below `workDir` that is named for what is in it, so that what Node compiles of it may be
 * kept; where that is there already, just as it should be, nothing is written. As on AWS, it is not for writing to.
 * Nothing is written either if any of its paths would leave it.
 */
export const unpack = async (archive: Files, workDir: string, name: string): Promise<Unpacked> => {
  const files = Object.entries(archive)
    .map(([path, content]) => [checked(path), asBuffer(content)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (!/^[\w.-]+$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot be part of a folder's name`);
  const hash = digest(files);
  const folder = join(workDir, `${name}-${hash.toString("hex").slice(0, 16)}`);
  const unpacked = {
    folder,
    sha256: hash.toString("base64"),
    bytes: files.reduce((sum, [, content]) => sum + content.length, 0),
  };
  if (await holds(folder, files)) {
    const now = new Date();
    await utimes(folder, now, now);
    return unpacked;
  }
  await mkdir(workDir, { recursive: true });
  // Aside first: somebody else may be unpacking the same.
  const aside = await mkdtemp(`${folder}-`);
  await write(aside, files);
  if (
    await rename(aside, folder)
      .then(() => true)
      .catch(() => false)
  )
    return unpacked;
  if (!(await holds(folder, files))) return { ...unpacked, folder: aside };
  await rm(aside, { recursive: true });
  return unpacked;
};
