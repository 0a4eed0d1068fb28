import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, realpathSync } from "node:fs";
import { createServer } from "node:net";
import { UserError } from "./engine/stackFile";

const made = (folder: string): string => {
  try {
    mkdirSync(folder, { recursive: true });
    return realpathSync(folder);
  } catch (error) {
    throw new UserError(`${folder} cannot be the folder for data: ${(error as Error).message}`);
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
