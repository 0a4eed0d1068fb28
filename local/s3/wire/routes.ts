import { unsupported } from "../../cloud/awsError";

type Level = "service" | "bucket" | "object";

interface Route {
  operation: string;
  level: Level;
  method: string;
  /** A parameter that must be there; `header:` for a header. */
  marks: readonly string[];
  /** The other parameters it knows. */
  query: readonly string[];
}

const route = (operation: string, place: string, ...query: string[]): Route => {
  const [level = "", method = "", ...marks] = place.split(" ");
  return { operation, level: level as Level, method, marks, query };
};

const overrides = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
];
const responses = overrides.map((name) => `response-${name}`);
const listing = ["prefix", "delimiter", "max-keys", "encoding-type"];

/** The first that fits is meant. What has no operation behind it is here to be refused by its name. */
const routes: readonly Route[] = [
  route("ListBuckets", "service GET"),
  route("PutBucketVersioning", "bucket PUT versioning"),
  route("PutBucketPolicy", "bucket PUT policy"),
  route("PutPublicAccessBlock", "bucket PUT publicAccessBlock"),
  route("PutBucketNotificationConfiguration", "bucket PUT notification"),
  route("PutBucketLifecycleConfiguration", "bucket PUT lifecycle"),
  route("PutBucketEncryption", "bucket PUT encryption"),
  route("PutBucketCors", "bucket PUT cors"),
  route("CreateBucket", "bucket PUT"),
  route("GetBucketLocation", "bucket GET location"),
  route("GetBucketVersioning", "bucket GET versioning"),
  route("GetBucketPolicy", "bucket GET policy"),
  route("GetBucketEncryption", "bucket GET encryption"),
  route("GetPublicAccessBlock", "bucket GET publicAccessBlock"),
  route("GetBucketLifecycleConfiguration", "bucket GET lifecycle"),
  route("GetBucketNotificationConfiguration", "bucket GET notification"),
  route("GetBucketCors", "bucket GET cors"),
  route("ListMultipartUploads", "bucket GET uploads", "prefix", "max-uploads"),
  route("ListObjectVersions", "bucket GET versions", ...listing, "key-marker", "version-id-marker"),
  route("ListObjectsV2", "bucket GET list-type", ...listing, "continuation-token", "start-after", "fetch-owner"),
  route("ListObjects", "bucket GET", ...listing, "marker"),
  route("HeadBucket", "bucket HEAD"),
  route("DeleteBucketPolicy", "bucket DELETE policy"),
  route("DeleteBucketCors", "bucket DELETE cors"),
  route("DeleteBucket", "bucket DELETE"),
  route("DeleteObjects", "bucket POST delete"),
  route("PutObjectTagging", "object PUT tagging", "versionId"),
  route("UploadPartCopy", "object PUT partNumber header:x-amz-copy-source", "uploadId"),
  route("UploadPart", "object PUT partNumber", "uploadId"),
  route("CopyObject", "object PUT header:x-amz-copy-source"),
  route("PutObject", "object PUT"),
  route("GetObjectTagging", "object GET tagging", "versionId"),
  route("ListParts", "object GET uploadId", "max-parts", "part-number-marker"),
  route("GetObject", "object GET", "versionId", ...responses),
  route("HeadObject", "object HEAD", "versionId", ...responses),
  route("DeleteObjectTagging", "object DELETE tagging", "versionId"),
  route("AbortMultipartUpload", "object DELETE uploadId"),
  route("DeleteObject", "object DELETE", "versionId"),
  route("CreateMultipartUpload", "object POST uploads"),
  route("CompleteMultipartUpload", "object POST uploadId"),
];

/** Which operation is meant; throws where a parameter belongs to none that there is. */
export const operationFor = (
  level: Level,
  method: string,
  parameters: readonly string[],
  headers: Record<string, string>,
): string | undefined => {
  const has = (mark: string) =>
    mark.startsWith("header:") ? mark.slice("header:".length) in headers : parameters.includes(mark);
  const found = routes.find((one) => one.level === level && one.method === method && one.marks.every(has));
  if (!found) return undefined;
  const stranger = parameters.find((name) => !found.marks.includes(name) && !found.query.includes(name));
  if (stranger) throw unsupported(`the parameter ${stranger} of ${method} on s3's ${level}s (${found.operation})`);
  return found.operation;
};
