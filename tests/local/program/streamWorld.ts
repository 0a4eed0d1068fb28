import { gunzipSync } from "node:zlib";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { prefix, type Shared } from "./sharedCloud";

const together = 500;

/** What a producer, another team and an analyst do with the experiment stream of the shared cloud. */
export const streamWorld = (shared: Shared) => {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const kinesis = new KinesisClient({ endpoint: shared.up.url, region: "us-east-1", credentials });
  return {
    /** Puts records, over some partition keys, and waits for what becomes of them. */
    put: async (data: readonly (object | string | Buffer)[], key = "key"): Promise<void> => {
      const bytes = (one: object | string | Buffer) =>
        Buffer.isBuffer(one) ? one : Buffer.from(typeof one === "string" ? one : JSON.stringify(one));
      for (let at = 0; at < data.length; at += together) {
        const Records = data.slice(at, at + together).map((one, more) => ({
          Data: bytes(one),
          PartitionKey: `${key}-${(at + more) % 17}`,
        }));
        await kinesis.send(new PutRecordsCommand({ StreamName: `${prefix}experiment-stream`, Records }));
      }
      await shared.up.settle();
    },

    call: async <Answer>(name: string, payload: object): Promise<Answer> => {
      const { Payload, FunctionError } = await shared.clients.lambda.send(
        new InvokeCommand({ FunctionName: `${prefix}${name}`, Payload: Buffer.from(JSON.stringify(payload)) }),
      );
      const text = Buffer.from(Payload ?? []).toString("utf8");
      if (FunctionError) throw new Error(text);
      return JSON.parse(text) as Answer;
    },

    /** Every line of the archive, with the object that it is in. */
    archived: async (): Promise<(Record<string, unknown> & { key: string })[]> => {
      const Bucket = `${prefix}event-archive-123456789012`;
      const { Contents = [] } = await shared.clients.s3.send(new ListObjectsV2Command({ Bucket }));
      const objects = await Promise.all(
        Contents.map(async ({ Key: key = "" }) => {
          const { Body } = await shared.clients.s3.send(new GetObjectCommand({ Bucket, Key: key }));
          const text = gunzipSync((await Body?.transformToByteArray()) ?? "").toString("utf8");
          const lines = text.trim().split("\n");
          return lines.map((line) => ({ ...(JSON.parse(line) as Record<string, unknown>), key }));
        }),
      );
      return objects.flat();
    },

    close: () => kinesis.destroy(),
  };
};
