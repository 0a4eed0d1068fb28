import type { Call } from "../../cloud/service";
import { missingKey, objectAccess } from "../access";
import { methodNotAllowed, noSuchVersion } from "../errors";
import type { S3, S3Operations } from "../operation";
import type { Bucket } from "../store/bucket";
import type { ObjectVersion } from "../store/version";
import { checksumHeader } from "../wire/checksum";
import { S3Answer, type S3Request } from "../wire/protocol";
import { notModified } from "./conditions";
import { quoted, versionHeader } from "./description";
import { sliceOf } from "./range";

/** The version that a request means, which may be a delete marker if it is named. */
export const meantVersion = (s3: S3, bucket: Bucket, request: S3Request, call: Pick<Call, "caller">): ObjectVersion => {
  const versionId = request.query.get("versionId");
  const version = versionId === null ? bucket.current(request.key) : bucket.version(request.key, versionId);
  if (version) return version;
  throw versionId === null ? missingKey(s3, bucket, request, call) : noSuchVersion(request.key, versionId);
};

const overridden = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...query]
      .filter(([name]) => name.startsWith("response-"))
      .map(([name, value]) => [name.slice("response-".length), value]),
  );

const checksumHeaders = ({ headers }: S3Request, { checksum }: ObjectVersion): Record<string, string> =>
  headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED"
    ? { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type }
    : {};

const headersOf = (bucket: Bucket, version: ObjectVersion): Record<string, string> => ({
  ...version.headers,
  ...Object.fromEntries(Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  "accept-ranges": "bytes",
  etag: quoted(version.etag),
  "last-modified": new Date(version.lastModified).toUTCString(),
  ...version.encryption,
  ...(version.storageClass !== "STANDARD" && { "x-amz-storage-class": version.storageClass }),
  ...(Object.keys(version.tags).length > 0 && { "x-amz-tagging-count": String(Object.keys(version.tags).length) }),
  ...versionHeader(bucket, version),
});

type Read = (version: ObjectVersion, start: number, length: number, bucket: Bucket) => Promise<Buffer> | Buffer;

const answer = async (s3: S3, request: S3Request, call: Call, method: string, read: Read): Promise<S3Answer> => {
  s3.cloud.meter.add("s3 read");
  const bucket = s3.buckets.find(request.bucket);
  const version = meantVersion(s3, bucket, request, call);
  if (version.deleteMarker) throw methodNotAllowed(method);
  const headers = headersOf(bucket, version);
  if (notModified(request.headers, version)) return new S3Answer(304, headers);
  const slice = sliceOf(request.headers["range"], version.size);
  const { start, length } = slice ?? { start: 0, length: version.size };
  return new S3Answer(
    slice ? 206 : 200,
    {
      ...headers,
      ...overridden(request.query),
      ...(slice
        ? { "content-range": `bytes ${start}-${start + length - 1}/${version.size}` }
        : checksumHeaders(request, version)),
    },
    await read(version, start, length, bucket),
  );
};

export const readOperations = (s3: S3): S3Operations => ({
  GetObject: {
    access: objectAccess(s3, "GetObject", "GetObjectVersion"),
    run: (request, call) =>
      answer(s3, request, call, "GET", (version, start, length, bucket) =>
        bucket.folder.readBody(version, start, length),
      ),
  },
  HeadObject: {
    access: objectAccess(s3, "GetObject", "GetObjectVersion"),
    // Node sends no body in answer to HEAD; it only gives the length that is told.
    run: (request, call) => answer(s3, request, call, "HEAD", (_version, _start, length) => Buffer.alloc(length)),
  },
});
