import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "../archive";
import type { Declared } from "../program";

/** A file of an archive that is not in the message that declares it, but lies where it can be read. */
export interface Parcel {
  property: string;
  path: string;
  at: string;
}

export interface Packed {
  declared: Declared;
  parcels: Parcel[];
}

/** From this length on: a channel between processes copies what it carries again and again. */
const large = 32 * 1_024;

const isLarge = (text: unknown): text is string => typeof text === "string" && text.length >= large;

const hasLarge = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).some(isLarge);

/** Puts what is large into files of `folder`, whose names begin with `label`. */
export const pack = (declared: Declared, folder: string, label: string): Packed => {
  const parcels: Parcel[] = [];
  const inputs = { ...declared.inputs };
  for (const [property, value] of Object.entries(declared.inputs)) {
    if (!hasLarge(value)) continue;
    const left = Object.entries(value).filter(([path, text]) => {
      if (!isLarge(text)) return true;
      const at = join(folder, `${label}-${parcels.length}`);
      writeFileSync(at, text);
      parcels.push({ property, path, at });
      return false;
    });
    inputs[property] = Object.fromEntries(left);
  }
  return { declared: { ...declared, inputs }, parcels };
};

/** Puts it back, as bytes, and leaves nothing in the folder. */
export const unpack = ({ declared, parcels }: Packed): Declared => {
  const inputs = { ...declared.inputs };
  for (const { property, path, at } of parcels) {
    inputs[property] = { ...(inputs[property] as Files), [path]: readFileSync(at) };
    unlinkSync(at);
  }
  return { ...declared, inputs };
};
