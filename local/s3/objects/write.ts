import type { Call } from "../../cloud/service";
import { missingKey, onObject } from "../access";
import { invalidArgument, invalidRequest, methodNotAllowed, noSuchVersion } from "../errors";
import type { S3, S3Operations } from "../operation";
import type { Bucket } from "../store/bucket";
import type { Staged } from "../store/folder";
import type { Draft, ObjectVersion } from "../store/version";
import { checksumElement, digest } from "../wire/checksum";
import { checksumOf } from "../wire/integrity";
import { S3Answer, type S3Request } from "../wire/protocol";
import { checkWrite } from "./conditions";
import { describe, quoted, versionHeader, writtenHeaders } from "./description";

/** Makes staged bytes an object, if the request's conditions hold at that very moment, and tells of it. */
export const commit = async (
  s3: S3,
  bucket: Bucket,
  request: Pick<S3Request, "key" | "headers">,
  { draft, body, event }: { draft: Draft; body: Staged; event: string },
  { caller, requestId }: Pick<Call, "caller" | "requestId">,
): Promise<ObjectVersion> => {
  try {
    checkWrite(request.headers, bucket, request.key);
  } catch (error) {
    await bucket.folder.discard(body);
    throw error;
  }
  const version = bucket.add(request.key, draft, body, s3.cloud.clock.now());
  s3.notifier.tell(bucket, { name: `ObjectCreated:${event}`, version, caller, requestId });
  return version;
};

/** Writes an object from the request's body. */
export const putObject = async (
  s3: S3,
  request: S3Request,
  call: Pick<Call, "caller" | "requestId">,
): Promise<ObjectVersion> => {
  const bucket = s3.buckets.find(request.bucket);
  const { headers, body } = request;
  const draft: Draft = {
    ...describe(headers, bucket),
    size: body.length,
    etag: digest("MD5", body).toString("hex"),
    checksum: checksumOf(headers, body),
  };
  return commit(s3, bucket, request, { draft, body: await bucket.folder.stage(body), event: "Put" }, call);
};

interface CopySource {
  bucket: Bucket;
  key: string;
  versionId: string | null;
}

const copySource = (s3: S3, { headers }: S3Request): CopySource => {
  const header = headers["x-amz-copy-source"] ?? "";
  const [path = "", query = ""] = header.split("?");
  const [, name, key] = /^\/?([^/]+)\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
  if (!name || !key) {
    throw invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      "x-amz-copy-source",
      header,
    );
  }
  return { bucket: s3.buckets.find(name), key, versionId: new URLSearchParams(query).get("versionId") };
};

const sourceVersion = (
  s3: S3,
  { bucket, key, versionId }: CopySource,
  request: S3Request,
  call: Call,
): ObjectVersion => {
  const version = versionId === null ? bucket.current(key) : bucket.version(key, versionId);
  if (!version)
    throw versionId === null ? missingKey(s3, bucket, { ...request, key }, call) : noSuchVersion(key, versionId);
  if (version.deleteMarker) throw methodNotAllowed("GET");
  return version;
};

const replaces = (headers: Record<string, string>, what: "metadata" | "tagging"): boolean =>
  headers[`x-amz-${what}-directive`] === "REPLACE";

const copyAccess = (s3: S3) => (request: S3Request) => {
  const source = copySource(s3, request);
  const target = s3.buckets.find(request.bucket);
  const version =
    source.versionId === null ? source.bucket.current(source.key) : source.bucket.version(source.key, source.versionId);
  const suffix = source.versionId === null ? "" : "Version";
  const keepsTags = !replaces(request.headers, "tagging") && Object.keys(version?.tags ?? {}).length > 0;
  const setsTags = keepsTags || request.headers["x-amz-tagging"] !== undefined;
  return [
    onObject(target, request.key, "PutObject", request),
    onObject(source.bucket, source.key, `GetObject${suffix}`, request),
    ...(keepsTags ? [onObject(source.bucket, source.key, `GetObject${suffix}Tagging`, request)] : []),
    ...(setsTags ? [onObject(target, request.key, "PutObjectTagging", request)] : []),
  ];
};

const copyObject = async (s3: S3, request: S3Request, call: Call) => {
  const source = copySource(s3, request);
  const original = sourceVersion(s3, source, request, call);
  const target = s3.buckets.find(request.bucket);
  const { headers } = request;
  const asked = describe(headers, target);
  const changes =
    replaces(headers, "metadata") || headers["x-amz-storage-class"] || headers["x-amz-server-side-encryption"];
  if (source.bucket === target && source.key === request.key && source.versionId === null && !changes) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const body = await source.bucket.folder.readBody(original);
  const algorithm = original.checksum.algorithm;
  const draft: Draft = {
    ...asked,
    ...(!replaces(headers, "metadata") && { headers: original.headers, metadata: original.metadata }),
    ...(!replaces(headers, "tagging") && { tags: original.tags }),
    size: original.size,
    etag: digest("MD5", body).toString("hex"),
    checksum: { algorithm, value: digest(algorithm, body).toString("base64"), type: "FULL_OBJECT" },
  };
  const staged = await target.folder.stage(body);
  const version = await commit(s3, target, request, { draft, body: staged, event: "Copy" }, call);
  return {
    headers: {
      ...version.encryption,
      ...versionHeader(target, version),
      ...(source.bucket.settings.versioning && { "x-amz-copy-source-version-id": original.versionId }),
    },
    LastModified: new Date(version.lastModified).toISOString(),
    ETag: quoted(version.etag),
    ChecksumType: version.checksum.type,
    [checksumElement(algorithm)]: version.checksum.value,
  };
};

export const writeOperations = (s3: S3): S3Operations => ({
  PutObject: {
    access: (request) => {
      const bucket = s3.buckets.find(request.bucket);
      return [
        onObject(bucket, request.key, "PutObject", request),
        ...(request.headers["x-amz-tagging"] === undefined
          ? []
          : [onObject(bucket, request.key, "PutObjectTagging", request)]),
      ];
    },
    run: async (request, call) => {
      s3.cloud.meter.add("s3 write");
      const version = await putObject(s3, request, call);
      return new S3Answer(200, writtenHeaders(s3.buckets.find(request.bucket), version));
    },
  },
  CopyObject: {
    access: copyAccess(s3),
    run: (request, call) => {
      s3.cloud.meter.add("s3 write");
      return copyObject(s3, request, call);
    },
  },
});
