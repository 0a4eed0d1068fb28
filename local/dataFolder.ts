import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { UserError } from "./engine/stackFile";
import { makeFolder } from "./makeFolder";

const made = (folder: string): string => {
  try {
    makeFolder(folder);
    // Permissions do not tell it: there are file systems where nobody can make anything.
    rmdirSync(mkdtempSync(join(folder, "trial-")));
    return realpathSync(folder);
  } catch (error) {
    throw new UserError(
      `${folder} cannot be the folder for data: ${(error as Error).message}. Let it be written to, or choose another with --data`,
    );
  }
};

/**
 * Makes the folder, and holds it for as long as this process lives or until it is given back: two platforms in one would
 * write over each other. Linux has names for that which no file stands for, so that none is left behind by who is killed;
 * other systems have none, and nobody is kept out there.
 */
export const holdFolder = async (folder: string): Promise<() => void> => {
  const name = createHash("sha256").update(made(folder)).digest("hex");
  if (process.platform !== "linux") return () => undefined;
  const held = createServer().unref();
  try {
    await once(held.listen(`\0signal9-${name}`), "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new UserError(`${folder} is in use by another Signal9. Stop that, or choose another folder with --data`);
  }
  return () => held.close();
};
