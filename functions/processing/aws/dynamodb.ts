import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { clientSettings, once, quiet } from "./client";

/** Takes and gives values as DynamoDB writes them: for items that are made in that form, and are many. */
export const plainDynamodb = once(() => quiet(new DynamoDBClient(clientSettings)));

export const dynamodb = once(() =>
  DynamoDBDocumentClient.from(plainDynamodb(), { marshallOptions: { removeUndefinedValues: true } }),
);
