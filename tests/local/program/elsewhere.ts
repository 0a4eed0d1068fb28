import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../../..");
const parts = ["index.ts", "infra", "functions", "workflows", "local", "commands", "package.json", "tsconfig.json"];
const stackFiles = ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"];

/** The program in a folder of its own, to be changed at will. */
export const copyProgram = async (): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), "signal9-copy-"));
  await Promise.all(
    [...parts, ...stackFiles].map((part) => cp(join(root, part), join(folder, part), { recursive: true })),
  );
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};
