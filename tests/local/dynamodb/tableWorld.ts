import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createDynamoDB } from "../../../local/dynamodb/service";
import { startTestCloud, type TestCloud } from "../cloud";

export interface TableWorld extends TestCloud {
  items: DynamoDBDocumentClient;
}

/** The service with one table, and a client of its items. */
export const startTableWorld = async (table: { name: string } & Record<string, unknown>): Promise<TableWorld> => {
  const world = await startTestCloud((cloud) => [createDynamoDB(cloud)]);
  await world.declare("aws:dynamodb/table:Table", table.name, table);
  return { ...world, items: DynamoDBDocumentClient.from(new DynamoDBClient(world.client)) };
};
