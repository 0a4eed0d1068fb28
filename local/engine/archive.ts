import * as pulumi from "@pulumi/pulumi";
import { type Zippable, zipSync } from "fflate";

/** The files of a deployment archive by their paths in it. */
export type Files = Record<string, string | Buffer>;

const isTextAsset = (asset: unknown): asset is { text: string | Promise<string> } =>
  pulumi.asset.StringAsset.isInstance(asset);

export const isArchive = (value: unknown): boolean => pulumi.asset.Archive.isInstance(value);

const isAssetArchive = (code: unknown): code is pulumi.asset.AssetArchive =>
  pulumi.asset.AssetArchive.isInstance(code) && "assets" in code;

/** Reads the archive that Pulumi would upload. Its parts arrive as promises. */
export const readArchive = async (code: unknown): Promise<Files> => {
  if (!isAssetArchive(code)) throw new Error("a function's code must be an archive of assets");
  const files: Files = {};
  for (const [path, asset] of Object.entries(await code.assets)) {
    if (!isTextAsset(asset)) throw new Error(`${path} in a function's archive must be text`);
    files[path] = await asset.text;
  }
  return files;
};

/** Any fixed moment that a zip can express: the same files make the same bytes. */
const mtime = "2000-01-01T00:00:00Z";

/** The archive as it travels. */
export const zip = (files: Files): Uint8Array => {
  const entries: Zippable = {};
  for (const path of Object.keys(files).sort()) entries[path] = [Buffer.from(files[path] ?? ""), { mtime, level: 9 }];
  return zipSync(entries);
};
