import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AwsError } from "../../cloud/awsError";
import type { Cloud } from "../../cloud/cloud";
import { bucketNotEmpty, noSuchBucket } from "../errors";
import { Bucket } from "./bucket";
import { BucketFolder } from "./folder";
import { newSettings } from "./settings";

const wellNamed = /^(?!xn--|sthree-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** All buckets, in a folder each. What is in the folder from before is taken over. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly cloud: Cloud,
    private readonly path: string,
  ) {
    mkdirSync(path, { recursive: true });
    for (const name of readdirSync(path)) {
      const folder = new BucketFolder(join(path, name));
      const record = folder.readBucket();
      if (record) this.#buckets.set(name, new Bucket(record, folder, cloud.newId));
    }
  }

  all(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    return bucket;
  }

  /** Making one's own bucket once more succeeds in us-east-1, and changes nothing. */
  create(name: string): Bucket {
    const existing = this.#buckets.get(name);
    if (existing) return existing;
    if (!wellNamed.test(name) || /\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name)) {
      throw new AwsError("InvalidBucketName", "The specified bucket is not valid.", 400, { BucketName: name });
    }
    const folder = new BucketFolder(join(this.path, name));
    const record = { name, createdAt: this.cloud.clock.now(), settings: { ...newSettings } };
    folder.writeBucket(record);
    const bucket = new Bucket(record, folder, this.cloud.newId);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  delete(bucket: Bucket): void {
    if (!bucket.isEmpty()) throw bucketNotEmpty(bucket.name);
    this.#buckets.delete(bucket.name);
    bucket.folder.destroy();
  }
}
