import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { clientSettings, once, quiet } from "./client";

export const dynamodb = once(() =>
  DynamoDBDocumentClient.from(quiet(new DynamoDBClient(clientSettings)), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
