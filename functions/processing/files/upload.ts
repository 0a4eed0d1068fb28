import * as v from "valibot";
import type { Told } from "../consume/consume";
import { derivedId } from "../events/derivedId";
import { validate } from "../events/validate";
import { parseJson } from "../providers/readRow";

const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));
const size = "must be a number of bytes";

/** What S3 tells the bus of a new object, as far as it matters here. */
const envelopeSchema = v.object({
  "detail-type": v.literal("Object Created", "must be Object Created"),
  source: v.literal("aws.s3", "must be aws.s3"),
  time: v.pipe(v.string(), v.isoTimestamp("must be an ISO timestamp")),
  detail: v.object({
    bucket: v.object({ name: text(255) }),
    object: v.object({
      key: text(1_024),
      size: v.pipe(v.number(size), v.integer(size), v.minValue(0, size)),
      etag: text(128),
      "version-id": v.optional(text(1_024)),
    }),
  }),
});

/** An object that has arrived in the store of uploads. */
export interface Upload extends Told {
  bucket: string;
  key: string;
  size: number;
  /** Of the object, where its bucket keeps versions. */
  versionId: string | undefined;
  etag: string;
  /** Tells one content from another that is put in its place. */
  content: string;
  /** The message as it came: sent again, it says the same. */
  body: string;
}

export const readUpload = (body: string): Upload => {
  const { time, detail } = validate(envelopeSchema, parseJson(body, "event"), "event");
  const { bucket, object } = detail;
  const { key, size: bytes, etag, "version-id": versionId } = object;
  const content = versionId ?? etag;
  const id = derivedId("upload", bucket.name, key, content);
  return {
    eventId: id,
    eventType: "Object Created",
    timestamp: Date.parse(time),
    correlationId: id,
    bucket: bucket.name,
    key,
    size: bytes,
    versionId,
    etag,
    content,
    body,
  };
};
