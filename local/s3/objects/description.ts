import { AwsError } from "../../cloud/awsError";
import { parseTags } from "../access";
import type { Bucket } from "../store/bucket";
import type { Description, ObjectVersion } from "../store/version";
import { nullVersion } from "../store/version";
import { checksumHeader } from "../wire/checksum";

const kept = [
  "content-type",
  "content-encoding",
  "content-language",
  "content-disposition",
  "cache-control",
  "expires",
];
const metadataPrefix = "x-amz-meta-";
const largestMetadata = 2_048;

export const checkTags = (tags: Record<string, string>, pairs = Object.entries(tags)): void => {
  if (pairs.length > 10) throw new AwsError("BadRequest", "Object tags cannot be greater than 10");
  for (const [name, value] of pairs) {
    if (name.length === 0 || name.length > 128)
      throw new AwsError("InvalidTag", "The TagKey you have provided is invalid");
    if (value.length > 256) throw new AwsError("InvalidTag", "The TagValue you have provided is invalid");
  }
};

const metadataIn = (headers: Record<string, string>): Record<string, string> => {
  const metadata = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(metadataPrefix))
      .map(([name, value]) => [name.slice(metadataPrefix.length), value]),
  );
  const size = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  if (size > largestMetadata) {
    throw new AwsError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", 400, {
      Size: size,
      MaxSizeAllowed: largestMetadata,
    });
  }
  return metadata;
};

const encryptionHeader = "x-amz-server-side-encryption";

/** As the request wants it, else as the bucket does it. Nothing is encrypted here; it is only told as AWS would. */
export const encryptionFor = (headers: Record<string, string>, bucket: Bucket): Record<string, string> => {
  const asked = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(encryptionHeader)));
  if (Object.keys(asked).length > 0) return asked;
  const { algorithm, keyId, bucketKey } = bucket.settings.encryption;
  return {
    [encryptionHeader]: algorithm,
    ...(keyId && { [`${encryptionHeader}-aws-kms-key-id`]: keyId }),
    ...(bucketKey && { [`${encryptionHeader}-bucket-key-enabled`]: "true" }),
  };
};

/** What a request says of the object that it writes. */
export const describe = (headers: Record<string, string>, bucket: Bucket): Description => {
  const tags = parseTags(headers["x-amz-tagging"]);
  checkTags(tags);
  return {
    headers: {
      "content-type": "binary/octet-stream",
      ...Object.fromEntries(kept.flatMap((name) => (headers[name] ? [[name, headers[name]]] : []))),
    },
    metadata: metadataIn(headers),
    tags,
    storageClass: headers["x-amz-storage-class"] ?? "STANDARD",
    encryption: encryptionFor(headers, bucket),
  };
};

export const quoted = (etag: string): string => `"${etag}"`;

/** Said only where versions are or were kept. */
export const versionHeader = (bucket: Bucket, { versionId }: { versionId: string }): Record<string, string> =>
  bucket.settings.versioning || versionId !== nullVersion ? { "x-amz-version-id": versionId } : {};

/** What a write is answered with. */
export const writtenHeaders = (bucket: Bucket, version: ObjectVersion): Record<string, string> => ({
  etag: quoted(version.etag),
  [checksumHeader(version.checksum.algorithm)]: version.checksum.value,
  "x-amz-checksum-type": version.checksum.type,
  ...version.encryption,
  ...versionHeader(bucket, version),
});
