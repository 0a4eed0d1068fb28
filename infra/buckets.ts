import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./naming";
import type { Settings } from "./settings";
import { tlsOnly } from "./tlsOnly";

interface BucketSpec {
  /** Days after which an object moves to storage that is cheaper to keep and dearer to read. */
  rarelyReadAfterDays?: number;
  /** Days after which an object goes. @default never */
  keptDays?: number;
}

/** Every bucket of the platform. A new one is a line here. */
export const bucketSpecs = {
  /** What the providers said, word for word. */
  "raw-answers": { rarelyReadAfterDays: 30, keptDays: 730 },
  /** Ratings in full, with every figure that went into them. */
  "analysis-results": { rarelyReadAfterDays: 90 },
  /** Events of experiments, by the hour in which they happened. */
  "event-archive": { rarelyReadAfterDays: 90 },
  /** Details of events that are too large for the event store. They go when their rows have gone. */
  "event-details": { rarelyReadAfterDays: 30 },
  /** What is too large for the table of dead letters, and what of a stream was given up. */
  "dead-letters": { rarelyReadAfterDays: 30 },
} as const satisfies Record<string, BucketSpec>;

export type BucketName = keyof typeof bucketSpecs;

/** Days that an overwritten or deleted object can be brought back. */
const recoverableDays = 30;
const abandonedUploadDays = 2;

const rules = (spec: BucketSpec) => [
  {
    id: "tidy",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: abandonedUploadDays },
    noncurrentVersionExpiration: { noncurrentDays: recoverableDays },
    ...(spec.keptDays !== undefined && { expiration: { days: spec.keptDays } }),
    ...(spec.rarelyReadAfterDays !== undefined && {
      transitions: [{ days: spec.rarelyReadAfterDays, storageClass: "STANDARD_IA" }],
    }),
  },
];

/** A bucket as all of ours are: private, encrypted, versioned, over TLS only, and tidied up. */
export class Bucket extends pulumi.ComponentResource {
  readonly resource: aws.s3.Bucket;
  /** What a writer must wait for. */
  readonly ready: pulumi.Resource[];

  constructor(
    readonly label: string,
    spec: BucketSpec,
    settings: Settings,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("signal9:Bucket", label, {}, opts);
    this.resource = this.createBucket(settings);
    const bucket = this.resource.bucket;
    const versioning = new aws.s3.BucketVersioning(
      label,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
    new aws.s3.BucketLifecycleConfiguration(
      label,
      { bucket, rules: rules(spec) },
      // Rules about old versions are refused while there are none.
      { parent: this, dependsOn: [versioning] },
    );
    this.ready = [versioning, ...this.close()];
    this.registerOutputs({ arn: this.resource.arn });
  }

  private createBucket(settings: Settings): aws.s3.Bucket {
    // Bucket names are one space for all the world: the account makes ours our own.
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    return new aws.s3.Bucket(
      this.label,
      { bucket: pulumi.interpolate`${physicalName(this.label)}-${account}`, forceDestroy: !settings.protect },
      { parent: this, protect: settings.protect },
    );
  }

  private close(): pulumi.Resource[] {
    const { bucket, arn } = this.resource;
    const opts = { parent: this };
    const shut = new aws.s3.BucketPublicAccessBlock(
      this.label,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      opts,
    );
    const owned = new aws.s3.BucketOwnershipControls(
      this.label,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      opts,
    );
    const encrypted = new aws.s3.BucketServerSideEncryptionConfiguration(
      this.label,
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      opts,
    );
    const policy = new aws.s3.BucketPolicy(
      this.label,
      {
        bucket,
        policy: arn.apply((bucketArn) =>
          JSON.stringify({ Version: "2012-10-17", Statement: [tlsOnly("s3:*", [bucketArn, `${bucketArn}/*`])] }),
        ),
      },
      { ...opts, dependsOn: [shut] },
    );
    return [shut, owned, encrypted, policy];
  }
}

export type Buckets = Record<BucketName, Bucket>;

/** A table's old rows go within two days after their time; storage that is cheaper to keep is billed for 30 days at least. */
const specOf = (label: BucketName, { eventRetentionDays: days }: Settings): BucketSpec => {
  if (label !== "event-details" || days === 0) return bucketSpecs[label];
  const { rarelyReadAfterDays } = bucketSpecs[label];
  return { keptDays: days + 3, ...(days > 2 * rarelyReadAfterDays && { rarelyReadAfterDays }) };
};

export const createBuckets = (settings: Settings): Buckets =>
  Object.fromEntries(
    (Object.keys(bucketSpecs) as BucketName[]).map((label) => [
      label,
      new Bucket(label, specOf(label, settings), settings),
    ]),
  ) as Buckets;
