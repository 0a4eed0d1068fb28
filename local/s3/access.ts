import { AwsError, unsupported } from "../cloud/awsError";
import type { Access } from "../cloud/cloud";
import type { Call } from "../cloud/service";
import type { Facts } from "../iam/context";
import type { CompiledPolicy } from "../iam/policy";
import { noSuchKey } from "./errors";
import type { S3, S3Operation } from "./operation";
import type { Bucket } from "./store/bucket";
import type { S3Request } from "./wire/protocol";

export const parseTags = (header: string | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(header ?? ""));

const prefixed = (prefix: string, values: Record<string, string>): Facts =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));

const factHeaders = [
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-metadata-directive",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-storage-class",
];
const factParameters: Record<string, string> = {
  prefix: "s3:prefix",
  delimiter: "s3:delimiter",
  "max-keys": "s3:max-keys",
  versionId: "s3:VersionId",
};

const factsOf = ({ query, headers, key }: S3Request, bucket: Bucket | undefined): Facts => {
  const asked = Object.entries(factParameters).flatMap(([name, fact]) => {
    const value = query.get(name);
    return value === null ? [] : [[fact, value]];
  });
  const said = factHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[`s3:${name}`, headers[name]]]));
  return {
    "s3:TlsVersion": "1.3",
    "s3:authType": query.has("X-Amz-Credential") ? "REST-QUERY-STRING" : "REST-HEADER",
    "s3:signatureversion": "AWS4-HMAC-SHA256",
    ...Object.fromEntries([...asked, ...said]),
    ...prefixed("s3:RequestObjectTag/", parseTags(headers["x-amz-tagging"])),
    ...prefixed("s3:ExistingObjectTag/", bucket?.current(key)?.tags ?? {}),
  };
};

const suppliedKeys = new Set(
  [
    "aws:SecureTransport",
    "aws:CurrentTime",
    "aws:RequestedRegion",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:username",
    "aws:SourceArn",
    "aws:SourceAccount",
    "s3:TlsVersion",
    "s3:authType",
    "s3:signatureversion",
    ...Object.values(factParameters),
    ...factHeaders.map((name) => `s3:${name}`),
  ].map((key) => key.toLowerCase()),
);

/** A key that no request here carries would quietly decide something: it is refused instead. */
export const checkConditionKeys = ({ keys }: CompiledPolicy): void => {
  for (const key of keys) {
    if (suppliedKeys.has(key) || /^s3:(request|existing)objecttag\//.test(key)) continue;
    throw unsupported(`the condition key ${key} in a bucket policy`);
  }
};

export const onBucket = (bucket: Bucket, action: string, request: S3Request): Access => ({
  action: `s3:${action}`,
  resource: bucket.arn,
  context: factsOf(request, bucket),
  policy: bucket.policy,
});

export const onObject = (bucket: Bucket, key: string, action: string, request: S3Request): Access => ({
  action: `s3:${action}`,
  resource: `${bucket.arn}/${key}`,
  context: factsOf({ ...request, key }, bucket),
  policy: bucket.policy,
});

/** The bucket as a whole is what is asked for. */
export const bucketAccess =
  ({ buckets }: S3, action: string): S3Operation["access"] =>
  (request) =>
    onBucket(buckets.find(request.bucket), action, request);

/** One object is what is asked for; with a version named, the action has another name. */
export const objectAccess =
  ({ buckets }: S3, action: string, versioned = action): S3Operation["access"] =>
  (request) =>
    onObject(buckets.find(request.bucket), request.key, request.query.has("versionId") ? versioned : action, request);

/** Whether a key is there is told only to those who may list the bucket. */
export const missingKey = (
  { cloud }: S3,
  bucket: Bucket,
  request: S3Request,
  { caller }: Pick<Call, "caller">,
): AwsError => {
  try {
    cloud.authorise(caller, onBucket(bucket, "ListBucket", { ...request, query: new URLSearchParams() }));
    return noSuchKey(request.key);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
};
