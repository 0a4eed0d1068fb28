import { unsupported } from "../../cloud/awsError";
import { region } from "../../cloud/cloud";
import { bucketAccess } from "../access";
import { owner } from "../objects/list";
import type { S3, S3Operations } from "../operation";
import { S3Answer } from "../wire/protocol";

/** Buckets as such. */
export const bucketOperations = (s3: S3): S3Operations => ({
  ListBuckets: {
    access: () => ({ action: "s3:ListAllMyBuckets", resource: "*" }),
    run: () => {
      s3.cloud.meter.add("s3 write");
      const Bucket = s3.buckets.all().map(({ name, createdAt }) => ({
        Name: name,
        CreationDate: new Date(createdAt).toISOString(),
        BucketRegion: region,
      }));
      return { Buckets: { Bucket }, Owner: owner };
    },
  },
  CreateBucket: {
    access: ({ bucket }) => ({ action: "s3:CreateBucket", resource: `arn:aws:s3:::${bucket}` }),
    run: ({ bucket, body }) => {
      s3.cloud.meter.add("s3 write");
      if (body.length > 0) throw unsupported("a CreateBucketConfiguration: there is but one region here");
      s3.buckets.create(bucket);
      return new S3Answer(200, { location: `/${bucket}` });
    },
  },
  HeadBucket: {
    access: bucketAccess(s3, "ListBucket"),
    run: () => {
      s3.cloud.meter.add("s3 read");
      return new S3Answer(200, { "x-amz-bucket-region": region });
    },
  },
  GetBucketLocation: {
    access: bucketAccess(s3, "GetBucketLocation"),
    run: () => {
      s3.cloud.meter.add("s3 read");
      // us-east-1 has no name here, for reasons of age.
      return {};
    },
  },
  DeleteBucket: {
    access: bucketAccess(s3, "DeleteBucket"),
    run: ({ bucket }) => {
      s3.buckets.delete(s3.buckets.find(bucket));
      return new S3Answer(204);
    },
  },
});
