import { createHash } from "node:crypto";

/** The same number in [0, 1) for the same seed. */
export const seededRandom = (seed: number): number =>
  createHash("sha256").update(String(seed)).digest().readUInt32BE() / 2 ** 32;
