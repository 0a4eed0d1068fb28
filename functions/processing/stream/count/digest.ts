import { hash } from "node:crypto";

/** Of 128 bits: among a million million different texts, two share one with a probability of one in 10^15. */
export const digestBytes = 16;

export const digest = (text: string): Buffer => hash("sha256", text, "buffer").subarray(0, digestBytes);
