import { gunzipSync } from "node:zlib";
import { refusal } from "../refusal";

/** A record has a megabyte or, where a stream allows it, ten; what grows beyond this was made to. */
export const largestInflatedBytes = 16 * 1024 * 1024;

export const isCompressed = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

export const inflate = (bytes: Uint8Array): Uint8Array => {
  try {
    return gunzipSync(bytes, { maxOutputLength: largestInflatedBytes });
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    const rule = tooLarge
      ? `must have at most ${largestInflatedBytes} bytes once it is unpacked`
      : "must be whole gzip";
    throw refusal("record", rule, error);
  }
};
