import type { Readable } from "node:stream";

/**
 * All that a request brings, or undefined if that is longer than it may be: the rest is read all the same, so that the
 * connection lives on.
 */
export const readWhole = (request: Readable, most: number): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= most) chunks.push(chunk);
    });
    request.once("end", () => {
      const [first] = chunks;
      const whole = chunks.length === 1 && first ? first : Buffer.concat(chunks);
      resolve(length <= most ? whole : undefined);
    });
    request.once("error", reject);
    request.once("close", () => reject(new Error("the request broke off")));
  });
