import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { tableSpecs } from "../../infra/tables";

const binary = require.resolve("@dynoxide/linux-x64/dynoxide");

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
};

const answers = async (client: DynamoDBClient, child: ChildProcess): Promise<void> => {
  const { ListTablesCommand } = await import("@aws-sdk/client-dynamodb");
  while (child.exitCode === null) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch {
      await new Promise((again) => setTimeout(again, 10));
    }
  }
  throw new Error("the DynamoDB engine did not start");
};

const createTables = (client: DynamoDBClient): Promise<unknown> =>
  Promise.all(
    Object.entries(tableSpecs).map(([name, spec]) => {
      const indexes = Object.entries("indexes" in spec ? spec.indexes : {});
      const keys = [spec, ...indexes.map(([, index]) => index)];
      const names = keys.flatMap((key) => [key.partition, ...("sort" in key ? [key.sort] : [])]);
      const schema = (key: { partition: string; sort?: string }) => [
        { AttributeName: key.partition, KeyType: "HASH" as const },
        ...(key.sort ? [{ AttributeName: key.sort, KeyType: "RANGE" as const }] : []),
      ];
      return client.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: schema(spec),
          AttributeDefinitions: [...new Set(names)].map((one) => ({ AttributeName: one, AttributeType: "S" })),
          ...(indexes.length > 0 && {
            GlobalSecondaryIndexes: indexes.map(([indexName, index]) => ({
              IndexName: indexName,
              KeySchema: schema(index),
              Projection: { ProjectionType: "ALL" },
            })),
          }),
        }),
      );
    }),
  );

export interface Engine {
  endpoint: string;
  stop: () => Promise<void>;
}

/** A real DynamoDB engine in a process of its own, with the program's tables under their plain names. */
export const startDynamoDB = async (): Promise<Engine> => {
  const port = await freePort();
  const child = spawn(binary, ["serve", "--port", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await answers(client, child);
  await createTables(client);
  client.destroy();
  return {
    endpoint,
    stop: async () => {
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
};
