import type { CorsRule } from "../cors/rule";
import type { LifecycleRule } from "../lifecycle/rule";
import type { NotificationTarget } from "../notification/target";

export interface PublicAccessBlock {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}

export interface Encryption {
  algorithm: string;
  keyId?: string;
  bucketKey: boolean;
}

/** What a bucket can be told. */
export interface BucketSettings {
  versioning: "Enabled" | "Suspended" | undefined;
  /** As it was given. */
  policy: string | undefined;
  publicAccess: PublicAccessBlock;
  encryption: Encryption;
  lifecycle: readonly LifecycleRule[];
  notifications: readonly NotificationTarget[];
  /** Tells EventBridge's default bus of everything. */
  eventBridge: boolean;
  cors: readonly CorsRule[];
}

export interface BucketRecord {
  name: string;
  createdAt: number;
  settings: BucketSettings;
}

/** Of a new bucket; AWS has made them so since April 2023. */
export const newSettings: BucketSettings = {
  versioning: undefined,
  policy: undefined,
  publicAccess: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  encryption: { algorithm: "AES256", bucketKey: false },
  lifecycle: [],
  notifications: [],
  eventBridge: false,
  cors: [],
};
