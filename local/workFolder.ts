import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "./engine/stackFile";

/** A folder of its own, for what is made anew at each start. */
export const makeWorkFolder = async (prefix: string): Promise<string> => {
  try {
    return await mkdtemp(join(tmpdir(), prefix));
  } catch (error) {
    throw new UserError(
      `Nothing can be put in ${tmpdir()}, the folder for what passes: ${(error as Error).message}. Set TMPDIR to one that can be written to`,
    );
  }
};
