import { AwsError } from "../../cloud/awsError";
import type { Call } from "../../cloud/service";
import { bucketAccess, objectAccess, onObject } from "../access";
import { badDigest, invalidArgument, invalidRequest, malformedXml, noSuchUpload } from "../errors";
import type { S3, S3Operations } from "../operation";
import type { Bucket } from "../store/bucket";
import type { Part, Upload } from "../store/upload";
import { asAlgorithm, checksumElement, checksumHeader, digest, startDigest } from "../wire/checksum";
import { type Checksum, checksumOf } from "../wire/integrity";
import { S3Answer, type S3Request } from "../wire/protocol";
import { childrenOf, parseXml, textOf } from "../wire/xmlDocument";
import { checkWrite } from "./conditions";
import { describe, quoted, versionHeader } from "./description";
import { limitIn, owner } from "./list";
import { commit } from "./write";

const smallestPart = 5 * 1024 * 1024;
const mostParts = 10_000;

const findUpload = (s3: S3, request: S3Request): { bucket: Bucket; upload: Upload } => {
  const bucket = s3.buckets.find(request.bucket);
  const id = request.query.get("uploadId") ?? "";
  const upload = bucket.uploads.get(id);
  if (upload?.key !== request.key) throw noSuchUpload(id);
  return { bucket, upload };
};

const create = (s3: S3, { bucket: name, key, headers }: S3Request) => {
  s3.cloud.meter.add("s3 write");
  const bucket = s3.buckets.find(name);
  const asked = headers["x-amz-checksum-algorithm"];
  const algorithm = asked === undefined ? "CRC64NVME" : asAlgorithm(asked);
  if (!algorithm) throw invalidRequest("Checksum algorithm provided is unsupported.");
  const checksumType = headers["x-amz-checksum-type"] ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  const possible = checksumType === "FULL_OBJECT" ? algorithm.startsWith("CRC") : algorithm !== "CRC64NVME";
  if ((checksumType !== "FULL_OBJECT" && checksumType !== "COMPOSITE") || !possible) {
    throw invalidRequest(`The ${checksumType} checksum type cannot be used with the ${algorithm} checksum algorithm.`);
  }
  const id = s3.cloud.newId().replaceAll("-", "");
  bucket.beginUpload({
    id,
    key,
    initiated: s3.cloud.clock.now(),
    description: describe(headers, bucket),
    algorithm,
    checksumType,
    parts: new Map(),
  });
  return {
    headers: { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": checksumType },
    Bucket: name,
    Key: key,
    UploadId: id,
  };
};

const uploadPart = async (s3: S3, request: S3Request): Promise<S3Answer> => {
  s3.cloud.meter.add("s3 write");
  const { bucket, upload } = findUpload(s3, request);
  const number = Number(request.query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > mostParts) {
    throw invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      String(number),
    );
  }
  const { headers, body } = request;
  const staged = await bucket.folder.stage(body);
  if (bucket.uploads.get(upload.id) !== upload) {
    await bucket.folder.discard(staged);
    throw noSuchUpload(upload.id);
  }
  const part: Part = {
    number,
    etag: digest("MD5", body).toString("hex"),
    size: body.length,
    lastModified: s3.cloud.clock.now(),
    checksum: {
      algorithm: upload.algorithm,
      value: digest(upload.algorithm, body).toString("base64"),
      type: "FULL_OBJECT",
    },
    body: staged,
  };
  await bucket.addPart(upload, part);
  const told = checksumOf(headers, body);
  return new S3Answer(200, {
    etag: quoted(part.etag),
    [checksumHeader(told.algorithm)]: told.value,
    ...upload.description.encryption,
  });
};

const invalidPart = (uploadId: string, number: number) =>
  new AwsError(
    "InvalidPart",
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    400,
    { UploadId: uploadId, PartNumber: number },
  );

/** The parts that completion names, if they are as it says and may be put together. */
const chosenParts = (upload: Upload, body: Buffer): Part[] => {
  const chosen = childrenOf(parseXml(body, "CompleteMultipartUpload"), "Part").map((element) => {
    const number = Number(textOf(element, "PartNumber"));
    const part = upload.parts.get(number);
    const sum = textOf(element, checksumElement(upload.algorithm));
    if (!part || textOf(element, "ETag")?.replaceAll('"', "") !== part.etag) throw invalidPart(upload.id, number);
    if (sum !== undefined && sum !== part.checksum.value) throw invalidPart(upload.id, number);
    return part;
  });
  if (chosen.length === 0) throw malformedXml();
  chosen.forEach((part, at) => {
    const before = chosen[at - 1];
    if (!before) return;
    if (before.number >= part.number) {
      throw new AwsError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
      );
    }
    if (before.size < smallestPart) {
      throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400, {
        ETag: before.etag,
        PartNumber: before.number,
        ProposedSize: before.size,
        MinSizeAllowed: smallestPart,
      });
    }
  });
  return chosen;
};

const composite = ({ algorithm }: Upload, parts: readonly Part[]): Checksum => {
  const sums = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum.value, "base64")));
  return { algorithm, value: `${digest(algorithm, sums).toString("base64")}-${parts.length}`, type: "COMPOSITE" };
};

const complete = async (s3: S3, request: S3Request, call: Call) => {
  s3.cloud.meter.add("s3 write");
  const { bucket, upload } = findUpload(s3, request);
  const parts = chosenParts(upload, request.body);
  checkWrite(request.headers, bucket, request.key);
  const whole = startDigest(upload.algorithm);
  const body = await bucket.folder.join(
    parts.map((part) => part.body),
    whole.update,
  );
  const checksum: Checksum =
    upload.checksumType === "COMPOSITE"
      ? composite(upload, parts)
      : { algorithm: upload.algorithm, value: whole.value().toString("base64"), type: "FULL_OBJECT" };
  const claimed = request.headers[checksumHeader(upload.algorithm)];
  if (claimed !== undefined && claimed !== checksum.value) {
    await bucket.folder.discard(body);
    throw badDigest(upload.algorithm);
  }
  const etags = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex")));
  const draft = {
    ...upload.description,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: `${digest("MD5", etags).toString("hex")}-${parts.length}`,
    checksum,
    parts: parts.length,
  };
  const version = await commit(s3, bucket, request, { draft, body, event: "CompleteMultipartUpload" }, call);
  bucket.dropUpload(upload);
  return {
    headers: { ...versionHeader(bucket, version), ...version.encryption },
    Location: `${s3.cloud.endpoint}/${bucket.name}/${encodeURIComponent(request.key)}`,
    Bucket: bucket.name,
    Key: request.key,
    ETag: quoted(version.etag),
    [checksumElement(checksum.algorithm)]: checksum.value,
    ChecksumType: checksum.type,
  };
};

const listParts = (s3: S3, request: S3Request) => {
  s3.cloud.meter.add("s3 write");
  const { bucket, upload } = findUpload(s3, request);
  const limit = limitIn(request.query, "max-parts");
  const marker = Number(request.query.get("part-number-marker") ?? 0);
  const later = [...upload.parts.values()].filter(({ number }) => number > marker).sort((a, b) => a.number - b.number);
  const page = later.slice(0, limit);
  return {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number,
    MaxParts: limit,
    IsTruncated: page.length < later.length,
    Part: page.map(({ number, etag, size, lastModified, checksum }) => ({
      PartNumber: number,
      LastModified: new Date(lastModified).toISOString(),
      ETag: quoted(etag),
      Size: size,
      [checksumElement(checksum.algorithm)]: checksum.value,
    })),
    Owner: owner,
    StorageClass: upload.description.storageClass,
    ChecksumAlgorithm: upload.algorithm,
    ChecksumType: upload.checksumType,
  };
};

const listUploads = (s3: S3, { bucket: name, query }: S3Request) => {
  s3.cloud.meter.add("s3 write");
  const bucket = s3.buckets.find(name);
  const limit = limitIn(query, "max-uploads");
  const prefix = query.get("prefix") ?? "";
  const found = [...bucket.uploads.values()].filter(({ key }) => key.startsWith(prefix));
  found.sort((a, b) => (a.key === b.key ? a.initiated - b.initiated : a.key < b.key ? -1 : 1));
  return {
    Bucket: bucket.name,
    Prefix: prefix,
    MaxUploads: limit,
    IsTruncated: found.length > limit,
    Upload: found.slice(0, limit).map(({ id, key, initiated, description }) => ({
      Key: key,
      UploadId: id,
      Initiated: new Date(initiated).toISOString(),
      Owner: owner,
      StorageClass: description.storageClass,
    })),
  };
};

export const multipartOperations = (s3: S3): S3Operations => ({
  CreateMultipartUpload: {
    access: (request) => {
      const bucket = s3.buckets.find(request.bucket);
      const tagged = request.headers["x-amz-tagging"] !== undefined;
      return ["PutObject", ...(tagged ? ["PutObjectTagging"] : [])].map((action) =>
        onObject(bucket, request.key, action, request),
      );
    },
    run: (request) => create(s3, request),
  },
  UploadPart: { access: objectAccess(s3, "PutObject"), run: (request) => uploadPart(s3, request) },
  CompleteMultipartUpload: {
    access: objectAccess(s3, "PutObject"),
    run: (request, call) => complete(s3, request, call),
  },
  AbortMultipartUpload: {
    access: objectAccess(s3, "AbortMultipartUpload"),
    run: (request) => {
      const { bucket, upload } = findUpload(s3, request);
      bucket.dropUpload(upload);
      return new S3Answer(204);
    },
  },
  ListParts: { access: objectAccess(s3, "ListMultipartUploadParts"), run: (request) => listParts(s3, request) },
  ListMultipartUploads: {
    access: bucketAccess(s3, "ListBucketMultipartUploads"),
    run: (request) => listUploads(s3, request),
  },
});
