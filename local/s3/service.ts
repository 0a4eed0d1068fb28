import type { Cloud } from "../cloud/cloud";
import type { Service } from "../cloud/service";
import { service as awsService } from "../iam/principal";
import { onObject } from "./access";
import { bucketOperations } from "./buckets/operations";
import { settingsOperations } from "./buckets/settings";
import { corsSite } from "./cors/site";
import { s3Resources } from "./declared/resources";
import { LifecycleSweep } from "./lifecycle/sweep";
import type { Emit } from "./notification/event";
import { Notifier } from "./notification/notifier";
import { deleteOperations } from "./objects/delete";
import { listOperations } from "./objects/list";
import { multipartOperations } from "./objects/multipart";
import { readOperations } from "./objects/read";
import { taggingOperations } from "./objects/tagging";
import { putObject, writeOperations } from "./objects/write";
import type { S3 } from "./operation";
import { Buckets } from "./store/buckets";
import { s3Protocol } from "./wire/protocol";

export interface S3Options {
  /** Where buckets are kept. What is there from before is taken over. */
  folder: string;
  /** Puts an event on EventBridge's default bus. @default there is no EventBridge, and nobody is told */
  emit?: Emit;
}

export interface S3Service extends Service {
  /** For other services: the object's bytes as they are now; undefined where there is none. */
  read: (bucket: string, key: string) => Promise<Buffer | undefined>;
  /** For other services, which have been authorised by then. Tells of it as any other write does. */
  put: (bucket: string, key: string, body: Buffer, contentType?: string) => Promise<void>;
}

/** S3: buckets of objects in a folder, reached by path. */
export const createS3 = (cloud: Cloud, { folder, emit }: S3Options): S3Service => {
  const s3: S3 = { cloud, buckets: new Buckets(cloud, folder), notifier: new Notifier(cloud, emit) };
  const sweep = new LifecycleSweep(cloud, s3.buckets, s3.notifier);
  const inProcess = awsService("s3.amazonaws.com");
  cloud.onDelivery("s3", async ({ to, body, from, attributes: { key = cloud.newId() } = {}, trial = false }) => {
    const bucket = s3.buckets.find(to.split(":").at(-1) ?? "");
    const headers = { "content-type": "application/json" };
    const request = { bucket: bucket.name, key, body: Buffer.from(body), query: new URLSearchParams(), headers };
    cloud.authorise(from, onObject(bucket, key, "PutObject", request));
    if (!trial) await putObject(s3, request, { caller: from, requestId: cloud.newId() });
  });

  return {
    signingName: "s3",
    protocol: s3Protocol(cloud),
    operations: {
      ...bucketOperations(s3),
      ...settingsOperations(s3),
      ...readOperations(s3),
      ...writeOperations(s3),
      ...deleteOperations(s3),
      ...taggingOperations(s3),
      ...listOperations(s3),
      ...multipartOperations(s3),
    },
    site: corsSite(s3),
    resources: s3Resources(s3),
    read: async (name, key) => {
      const bucket = s3.buckets.find(name);
      const version = bucket.current(key);
      return version && bucket.folder.readBody(version);
    },
    put: async (bucket, key, body, contentType = "binary/octet-stream") => {
      const request = { bucket, key, body, query: new URLSearchParams(), headers: { "content-type": contentType } };
      await putObject(s3, request, { caller: inProcess, requestId: cloud.newId() });
    },
    reset: () => {
      for (const bucket of s3.buckets.all()) bucket.empty();
    },
    close: () => sweep.stop(),
  };
};
