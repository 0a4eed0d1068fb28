import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { type Bundle, link } from "./bundle/link";
import { makeOwn, together, type Uses } from "./bundle/own";
import { makePackages } from "./bundle/packages";
import type { Parts } from "./bundle/part";

const root = resolve(__dirname, "..");
const processing = "functions/processing";
/** Most of a bundle is of these, and the same in many. */
const shared = ["@aws-sdk/*", "@smithy/*", "@aws-lambda-powertools/*", "ioredis"];
const alias = { "@aws-sdk/credential-provider-node": resolve(root, processing, "aws/credentials.ts") };

/** A closure requires one of the files directly in functions/processing. The few of them that none requires are small. */
const entries = (): string[] =>
  readdirSync(resolve(root, processing))
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => file.slice(0, -".ts".length));

/** What was made of packages last, and for which use of them: those of a project that runs stay as they are. */
let packages: { use: string; parts: Parts } | undefined;

const partsFor = async (used: Uses, sourceMaps: boolean): Promise<Parts> => {
  const use = JSON.stringify([sourceMaps, Array.from(used, ([from, names]) => [from, [...names].sort()]).sort()]);
  if (packages?.use !== use) packages = { use, parts: await makePackages(used, alias, { root, sourceMaps }) };
  return packages.parts;
};

const buildAll = async (sourceMaps: boolean): Promise<Map<string, Bundle>> => {
  const own = await makeOwn(processing, entries(), shared, { root, sourceMaps });
  const used = together(Array.from(own.values(), ({ uses }) => uses));
  const parts = await partsFor(used, sourceMaps);
  return new Map(Array.from(own, ([name, { part }]) => [name, link(name, part, parts)]));
};

/** Builds every entry as its files are now, also for those who ask later. */
export const rebuild = (sourceMaps: boolean): Promise<Map<string, Bundle>> => {
  const all = buildAll(sourceMaps);
  built.set(sourceMaps, all);
  return all;
};

const built = new Map<boolean, Promise<Map<string, Bundle>>>();

/** One file with everything that entry `name` of the shared module needs. All entries are built at once, on first use. */
export const bundle = async (name: string, sourceMaps: boolean): Promise<Bundle> => {
  const found = (await (built.get(sourceMaps) ?? rebuild(sourceMaps))).get(name);
  if (!found) throw new Error(`${processing}/${name}.ts does not exist, but a closure requires it`);
  return found;
};
