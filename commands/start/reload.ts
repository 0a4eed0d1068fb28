import { watch } from "node:fs";
import { resolve } from "node:path";
import { rebuild } from "../../infra/bundle";
import type { EmbeddedCloud } from "../../local/embedded";
import type { Files } from "../../local/engine/archive";
import { watchBelow } from "./watchBelow";

const settleMs = 80;

/** A function as it runs. */
interface Running {
  name: string;
  /** What its closure requires, and where that is in its archive. */
  entry: string;
  path: string;
  files: Files;
}

const runningIn = ({ run }: EmbeddedCloud): Running[] =>
  run.resources.flatMap(({ type, inputs }) => {
    if (type !== "aws:lambda/function:Function") return [];
    const files = inputs["code"] as Files;
    const path = Object.keys(files).find((one) => /^processing\/.*\.js$/.test(one));
    if (!path) return [];
    return [{ name: String(inputs["name"]), entry: path.slice("processing/".length, -".js".length), path, files }];
  });

const isSame = (one: string | Buffer = "", other: string): boolean => Buffer.from(one).equals(Buffer.from(other));

const namedAtMost = 3;

const listed = (names: readonly string[]): string => {
  if (names.length === 0) return "no function";
  if (names.length > namedAtMost) return `${names.length} functions`;
  return names.join(", ");
};

/**
 * Puts changed code into the functions while they run. Invocations under way end with the code they began with. What else
 * the program consists of is only told to have changed.
 */
export const watchForChanges = (up: EmbeddedCloud, root: string, tell: (line: string) => void): (() => void) => {
  const running = runningIn(up);
  const sourceMaps = running.some(({ files, path }) => `${path}.map` in files);

  const reload = async (): Promise<void> => {
    const startedAt = performance.now();
    const bundles = await rebuild(sourceMaps);
    const changed: string[] = [];
    const orphans: Running[] = [];
    for (const one of running) {
      const bundle = bundles.get(one.entry);
      if (!bundle) orphans.push(one);
      if (!bundle || isSame(one.files[one.path], bundle.code)) continue;
      const { code, sourceMap } = bundle;
      const files = { ...one.files, [one.path]: code, ...(sourceMap && { [`${one.path}.map`]: sourceMap }) };
      await up.services.lambda.replaceCode(one.name, files);
      one.files = files;
      changed.push(one.name);
    }
    tell(`reloaded ${listed(changed)} in ${Math.round(performance.now() - startedAt)} ms`);
    for (const { name, entry } of orphans)
      tell(`functions/processing/${entry}.ts is gone: ${name} goes on with its old code`);
  };

  let last: Promise<void> = Promise.resolve();
  const reloadNext = (): void => {
    last = last.then(reload).catch((error: Error) => tell(`not reloaded: ${error.message}`));
  };
  const later = new Map<string, NodeJS.Timeout>();
  /** An editor may save in several steps; the last one counts. */
  const settled = (what: string, then: () => void): void => {
    clearTimeout(later.get(what));
    later.set(what, setTimeout(then, settleMs));
  };
  const saved = (path: string): void => {
    if (path.startsWith("functions/processing/")) settled("code", reloadNext);
    else settled(path, () => tell(`${path} has changed: what is built changes with the next start`));
  };
  const top = ["index.ts", "Pulumi.yaml", `Pulumi.${up.run.stack}.yaml`];
  const ends: (() => void)[] = [];
  try {
    const beside = watch(root, (_, file) => {
      if (file !== null && top.includes(file)) saved(file);
    });
    ends.push(() => beside.close());
    for (const room of ["functions", "infra", "workflows"]) {
      ends.push(watchBelow(resolve(root, room), (file) => file.endsWith(".ts") && saved(`${room}/${file}`)));
    }
  } catch (error) {
    tell(`changed code is not put into the functions: ${(error as Error).message}`);
  }
  return () => {
    for (const timer of later.values()) clearTimeout(timer);
    for (const end of ends) end();
  };
};
