import { AwsError } from "../../cloud/awsError";
import type { Call } from "../../cloud/service";
import { objectAccess } from "../access";
import { malformedXml, methodNotAllowed } from "../errors";
import type { S3, S3Operations } from "../operation";
import type { Bucket } from "../store/bucket";
import type { ObjectVersion } from "../store/version";
import { S3Answer, type S3Request } from "../wire/protocol";
import { childOf, childrenOf, parseXml, textOf } from "../wire/xmlDocument";
import { checkTags, versionHeader } from "./description";
import { meantVersion } from "./read";

const tagsIn = ({ body }: S3Request): Record<string, string> => {
  const pairs = childrenOf(childOf(parseXml(body, "Tagging"), "TagSet"), "Tag").map((tag): [string, string] => {
    const [key, value] = [textOf(tag, "Key"), textOf(tag, "Value")];
    if (key === undefined || value === undefined) throw malformedXml();
    return [key, value];
  });
  const tags = Object.fromEntries(pairs);
  checkTags(tags, pairs);
  if (Object.keys(tags).length < pairs.length) {
    throw new AwsError("InvalidTag", "Cannot provide multiple Tags with the same key");
  }
  return tags;
};

const find = (s3: S3, request: S3Request, call: Call): { bucket: Bucket; version: ObjectVersion } => {
  const bucket = s3.buckets.find(request.bucket);
  const version = meantVersion(s3, bucket, request, call);
  if (version.deleteMarker) throw methodNotAllowed("tagging");
  return { bucket, version };
};

const retag = (s3: S3, request: S3Request, call: Call, tags: Record<string, string>, event: string) => {
  const { bucket, version } = find(s3, request, call);
  bucket.retag(version, tags);
  s3.notifier.tell(bucket, { name: `ObjectTagging:${event}`, version, caller: call.caller, requestId: call.requestId });
  return versionHeader(bucket, version);
};

export const taggingOperations = (s3: S3): S3Operations => ({
  GetObjectTagging: {
    access: objectAccess(s3, "GetObjectTagging", "GetObjectVersionTagging"),
    run: (request, call) => {
      s3.cloud.meter.add("s3 read");
      const { bucket, version } = find(s3, request, call);
      const Tag = Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value }));
      return { headers: versionHeader(bucket, version), TagSet: { Tag } };
    },
  },
  PutObjectTagging: {
    access: objectAccess(s3, "PutObjectTagging", "PutObjectVersionTagging"),
    run: (request, call) => {
      s3.cloud.meter.add("s3 write");
      return new S3Answer(200, retag(s3, request, call, tagsIn(request), "Put"));
    },
  },
  DeleteObjectTagging: {
    access: objectAccess(s3, "DeleteObjectTagging", "DeleteObjectVersionTagging"),
    run: (request, call) => new S3Answer(204, retag(s3, request, call, {}, "Delete")),
  },
});
