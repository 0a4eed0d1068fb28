import { account } from "../../cloud/cloud";
import type { Principal } from "../../iam/principal";
import type { Bucket } from "../store/bucket";
import { nullVersion, type ObjectVersion } from "../store/version";

export interface Happening {
  /** Such as `ObjectCreated:Put`. */
  name: string;
  version: ObjectVersion;
  caller: Principal;
  requestId: string;
}

/** An event for the default bus. */
export interface ObjectEvent {
  source: "aws.s3";
  detailType: string;
  resources: string[];
  detail: Record<string, unknown>;
}

export type Emit = (event: ObjectEvent) => void;

/** Later versions of a key have greater ones. */
export const sequencerOf = ({ order }: ObjectVersion): string => order.toString(16).toUpperCase().padStart(18, "0");

const created: Record<string, string> = {
  Put: "PutObject",
  Post: "POST Object",
  Copy: "CopyObject",
  CompleteMultipartUpload: "CompleteMultipartUpload",
};

const deletion = (how: string): string => (how === "Delete" ? "Permanently Deleted" : "Delete Marker Created");

/** What the event is called, and what it says beside the object and the request. */
const kindOf = (name: string): { detailType: string; more: Record<string, string> } => {
  const [what = "", how = ""] = name.split(":");
  if (what === "ObjectCreated") return { detailType: "Object Created", more: { reason: created[how] ?? how } };
  if (what === "ObjectTagging") {
    return { detailType: how === "Put" ? "Object Tags Added" : "Object Tags Deleted", more: {} };
  }
  const reason = what === "ObjectRemoved" ? "DeleteObject" : "Lifecycle Expiration";
  return { detailType: "Object Deleted", more: { reason, "deletion-type": deletion(how) } };
};

/** How EventBridge hears of it: other than in a notification, the key is as it is. */
export const eventOf = (bucket: Bucket, { name, version, caller, requestId }: Happening): ObjectEvent => {
  const { detailType, more } = kindOf(name);
  const isCreated = detailType === "Object Created";
  return {
    source: "aws.s3",
    detailType,
    resources: [bucket.arn],
    detail: {
      version: "0",
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(isCreated && { size: version.size }),
        ...(!version.deleteMarker && { etag: version.etag }),
        ...(version.versionId !== nullVersion && { "version-id": version.versionId }),
        ...(!detailType.startsWith("Object Tags") && { sequencer: sequencerOf(version) }),
      },
      "request-id": requestId,
      requester: caller.kind === "service" ? caller.name : (caller.account ?? account),
      ...(caller.kind !== "service" && { "source-ip-address": "127.0.0.1" }),
      ...more,
    },
  };
};
