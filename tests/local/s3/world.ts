import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { Cloud, type Message } from "../../../local/cloud/cloud";
import type { ObjectEvent } from "../../../local/s3/notification/event";
import { createS3, type S3Service } from "../../../local/s3/service";
import { startTestCloud, type TestCloud } from "../cloud";

export interface World extends TestCloud {
  s3: S3Service;
  sdk: S3Client;
  folder: string;
  /** What was handed to queues and functions. */
  delivered: Message[];
  /** What EventBridge was told. */
  emitted: ObjectEvent[];
  asRoleClient: (...statements: Parameters<TestCloud["asRole"]>) => S3Client;
}

/** A cloud with S3 alone, on a folder of its own. */
export const startWorld = async (kept?: string): Promise<World> => {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "s3-")));
  const cloud = new Cloud();
  const emitted: ObjectEvent[] = [];
  const s3 = createS3(cloud, { folder, emit: (event) => emitted.push(event) });
  const delivered: Message[] = [];
  for (const service of ["sqs", "sns", "lambda"]) {
    cloud.onDelivery(service, async (message) => {
      if (!message.trial) delivered.push(message);
    });
  }
  const test = await startTestCloud(() => [s3], cloud);
  return {
    ...test,
    s3,
    folder,
    delivered,
    emitted,
    sdk: new S3Client({ ...test.client, forcePathStyle: true }),
    asRoleClient: (statements) => new S3Client({ ...test.asRole(statements), forcePathStyle: true }),
    close: async () => {
      await test.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** What S3 refused with. */
export const refused = async (work: Promise<unknown>): Promise<S3ServiceException> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof S3ServiceException) return error;
    throw error;
  }
  throw new Error("it succeeded");
};
