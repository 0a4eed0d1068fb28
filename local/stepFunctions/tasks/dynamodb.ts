import type { ErrorNames } from "./answer";
import { callJson } from "./awsJsonCall";
import type { Integration } from "./integration";

const known = Object.fromEntries(
  [
    "ConditionalCheckFailedException",
    "InternalServerError",
    "ItemCollectionSizeLimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ResourceNotFoundException",
    "TransactionConflictException",
  ].map((name) => [name, name]),
);

const apis = {
  dynamodb: { prefix: "DynamoDB", service: "AmazonDynamoDBv2", other: "AmazonDynamoDBException", known },
  "aws-sdk:dynamodb": { prefix: "DynamoDb", service: "DynamoDb", other: "DynamoDbException", known },
} satisfies Record<string, ErrorNames>;

const operations: Readonly<Record<string, string>> = {
  deleteItem: "DeleteItem",
  getItem: "GetItem",
  putItem: "PutItem",
  updateItem: "UpdateItem",
};

/** `arn:aws:states:::dynamodb:putItem`, or the same with `aws-sdk:`; undefined: nothing that is supported. */
export const dynamodbItem = (service: string, action: string): Integration | undefined => {
  const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
  if ((service !== "dynamodb" && service !== "aws-sdk:dynamodb") || operation === undefined) return undefined;
  return {
    resourceType: service,
    resource: action,
    required: ["TableName"],
    call: async (call) => {
      const api = { service: "dynamodb", target: "DynamoDB_20120810", version: "1.0", names: apis[service] } as const;
      const { output, metadata } = await callJson(api, operation, call.parameters, call);
      return service === "dynamodb" ? { ...output, ...metadata } : output;
    },
  };
};
