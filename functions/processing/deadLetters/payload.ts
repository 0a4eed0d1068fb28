import { gunzipSync, gzipSync } from "node:zlib";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3";
import type { Run } from "../consume/run";
import { env } from "../environment";
import { limits } from "../limits";
import type { Attributes } from "./delivery";
import type { Letter } from "./letter";
import type { Payload } from "./row";

interface Contents {
  body: string;
  attributes: Attributes;
}

export const unpack = (packed: Uint8Array): Contents => JSON.parse(gunzipSync(packed).toString("utf8")) as Contents;

/** What goes into the row. The rest is put aside first, so that no row ever points to nothing. */
export const keepPayload = async ({ letterId, body, attributes }: Letter, run: Run): Promise<Payload> => {
  const whole = JSON.stringify({ body, attributes } satisfies Contents);
  if (Buffer.byteLength(whole) <= limits.deadLetterBytes) return { body, attributes };
  const key = `${letterId}.json.gz`;
  await run.call("PutObject", "aws", () =>
    s3().send(
      new PutObjectCommand({
        Bucket: env("DEAD_LETTERS_BUCKET"),
        Key: key,
        Body: gzipSync(whole),
        ContentType: "application/json",
        ContentEncoding: "gzip",
      }),
    ),
  );
  return { payload_key: key };
};
