import { AwsError } from "../../cloud/awsError";
import type { Call } from "../../cloud/service";
import { objectAccess, onObject } from "../access";
import { malformedXml } from "../errors";
import type { S3, S3Operations } from "../operation";
import type { Bucket } from "../store/bucket";
import { S3Answer, type S3Request } from "../wire/protocol";
import { childrenOf, parseXml, strangerIn, textOf } from "../wire/xmlDocument";
import { checkWrite } from "./conditions";

const most = 1_000;

interface Deleted {
  /** Of the marker that was made, or of the version that was removed for good. */
  versionId?: string;
  marker: boolean;
}

const deleteOne = (s3: S3, bucket: Bucket, key: string, versionId: string | undefined, call: Call): Deleted => {
  const tell = (name: string, version: Parameters<S3["notifier"]["tell"]>[1]["version"]) =>
    s3.notifier.tell(bucket, {
      name: `ObjectRemoved:${name}`,
      version,
      caller: call.caller,
      requestId: call.requestId,
    });
  if (versionId === undefined) {
    const { marker, removed } = bucket.deleteCurrent(key, s3.cloud.clock.now());
    if (removed) tell("Delete", removed);
    if (!marker) return { marker: false };
    tell("DeleteMarkerCreated", marker);
    return { versionId: marker.versionId, marker: true };
  }
  const version = bucket.version(key, versionId);
  if (!version) return { versionId, marker: false };
  bucket.remove(version);
  tell("Delete", version);
  return { versionId, marker: version.deleteMarker };
};

const deleteObject = (s3: S3, request: S3Request, call: Call): S3Answer => {
  const bucket = s3.buckets.find(request.bucket);
  checkWrite(request.headers, bucket, request.key);
  const { versionId, marker } = deleteOne(s3, bucket, request.key, request.query.get("versionId") ?? undefined, call);
  return new S3Answer(204, {
    ...(versionId && bucket.settings.versioning && { "x-amz-version-id": versionId }),
    ...(marker && { "x-amz-delete-marker": "true" }),
  });
};

interface Wanted {
  key: string;
  versionId: string | undefined;
}

const wantedIn = (request: S3Request): { objects: Wanted[]; quiet: boolean } => {
  const root = parseXml(request.body, "Delete");
  const objects = childrenOf(root, "Object").map((object) => {
    const key = textOf(object, "Key");
    if (!key || strangerIn(object, ["Key", "VersionId"])) throw malformedXml();
    return { key, versionId: textOf(object, "VersionId") };
  });
  if (objects.length === 0 || objects.length > most) throw malformedXml();
  return { objects, quiet: textOf(root, "Quiet") === "true" };
};

const deleteObjects = (s3: S3, request: S3Request, call: Call) => {
  const bucket = s3.buckets.find(request.bucket);
  const { objects, quiet } = wantedIn(request);
  const deleted: unknown[] = [];
  const errors: unknown[] = [];
  for (const { key, versionId } of objects) {
    try {
      s3.cloud.authorise(
        call.caller,
        onObject(bucket, key, versionId ? "DeleteObjectVersion" : "DeleteObject", request),
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key: key, VersionId: versionId, Code: "AccessDenied", Message: error.message });
      continue;
    }
    const { versionId: affected, marker } = deleteOne(s3, bucket, key, versionId, call);
    if (quiet) continue;
    deleted.push({
      Key: key,
      VersionId: versionId,
      ...(marker && { DeleteMarker: true, DeleteMarkerVersionId: affected }),
    });
  }
  return { Deleted: deleted, Error: errors };
};

export const deleteOperations = (s3: S3): S3Operations => ({
  DeleteObject: {
    access: objectAccess(s3, "DeleteObject", "DeleteObjectVersion"),
    run: (request, call) => deleteObject(s3, request, call),
  },
  DeleteObjects: {
    // Each key is asked about by itself, and refused by itself.
    access: () => [],
    run: (request, call) => deleteObjects(s3, request, call),
  },
});
