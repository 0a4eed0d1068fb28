import { AwsError, unsupported } from "../../cloud/awsError";
import type { Call } from "../../cloud/service";
import { bucketAccess } from "../access";
import { malformedXml } from "../errors";
import type { S3, S3Operations } from "../operation";
import type { Bucket } from "../store/bucket";
import { S3Answer, type S3Request } from "../wire/protocol";
import { parseXml, strangerIn, textOf } from "../wire/xmlDocument";
import { corsOf, putCors } from "./cors";
import { describeRule } from "./lifecycle";
import { describeNotification, putNotification } from "./notification";
import { setPolicy } from "./policy";

const putVersioning = (bucket: Bucket, { body }: S3Request): void => {
  const root = parseXml(body, "VersioningConfiguration");
  const stranger = strangerIn(root, ["Status"]);
  if (stranger) throw unsupported(`${stranger} of a bucket's versioning`);
  const status = textOf(root, "Status");
  if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
  bucket.configure({ versioning: status });
};

const putPublicAccess = (bucket: Bucket, { body }: S3Request): void => {
  const root = parseXml(body, "PublicAccessBlockConfiguration");
  const is = (name: string) => textOf(root, name)?.toLowerCase() === "true";
  bucket.configure({
    publicAccess: {
      BlockPublicAcls: is("BlockPublicAcls"),
      IgnorePublicAcls: is("IgnorePublicAcls"),
      BlockPublicPolicy: is("BlockPublicPolicy"),
      RestrictPublicBuckets: is("RestrictPublicBuckets"),
    },
  });
};

const describeEncryption = ({ settings: { encryption } }: Bucket) => ({
  Rule: {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: encryption.algorithm, KMSMasterKeyID: encryption.keyId },
    BucketKeyEnabled: encryption.bucketKey,
  },
});

const describeLifecycle = ({ settings: { lifecycle } }: Bucket) => {
  if (lifecycle.length === 0) {
    throw new AwsError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404);
  }
  return { Rule: lifecycle.map(describeRule) };
};

const policyOf = ({ name, settings: { policy } }: Bucket): S3Answer => {
  if (policy !== undefined) return new S3Answer(200, { "content-type": "application/json" }, policy);
  throw new AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", 404, { BucketName: name });
};

/** What buckets can be told, and tell of themselves. */
export const settingsOperations = (s3: S3): S3Operations => {
  const tells = (action: string, tell: (bucket: Bucket) => unknown) => ({
    access: bucketAccess(s3, action),
    run: ({ bucket }: S3Request) => {
      s3.cloud.meter.add("s3 read");
      return tell(s3.buckets.find(bucket));
    },
  });
  const takes = (
    action: string,
    take: (bucket: Bucket, request: S3Request, call: Call) => Promise<void> | void,
    status = 200,
  ) => ({
    access: bucketAccess(s3, action),
    run: async (request: S3Request, call: Call) => {
      s3.cloud.meter.add("s3 write");
      await take(s3.buckets.find(request.bucket), request, call);
      return new S3Answer(status);
    },
  });
  return {
    GetBucketVersioning: tells("GetBucketVersioning", ({ settings }) => ({ Status: settings.versioning })),
    PutBucketVersioning: takes("PutBucketVersioning", putVersioning),
    GetBucketPolicy: tells("GetBucketPolicy", policyOf),
    PutBucketPolicy: takes("PutBucketPolicy", (bucket, { body }) => setPolicy(bucket, body.toString("utf8")), 204),
    DeleteBucketPolicy: takes("DeleteBucketPolicy", (bucket) => bucket.configure({ policy: undefined }), 204),
    GetBucketEncryption: tells("GetEncryptionConfiguration", describeEncryption),
    GetPublicAccessBlock: tells("GetBucketPublicAccessBlock", ({ settings }) => ({ ...settings.publicAccess })),
    PutPublicAccessBlock: takes("PutBucketPublicAccessBlock", putPublicAccess),
    GetBucketLifecycleConfiguration: tells("GetLifecycleConfiguration", describeLifecycle),
    GetBucketCors: tells("GetBucketCORS", corsOf),
    PutBucketCors: takes("PutBucketCORS", putCors),
    DeleteBucketCors: takes("PutBucketCORS", (bucket) => bucket.configure({ cors: [] }), 204),
    GetBucketNotificationConfiguration: tells("GetBucketNotification", ({ settings }) =>
      describeNotification(settings),
    ),
    PutBucketNotificationConfiguration: takes("PutBucketNotification", (_bucket, request, call) =>
      putNotification(s3, request, call),
    ),
  };
};
