import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Where dead letters are dealt with: the table, the objects of large ones, and what they can be sent to. */
export interface Desk {
  dynamodb: DynamoDBDocumentClient;
  s3: S3Client;
  sqs: SQSClient;
  lambda: LambdaClient;
  table: string;
  bucket: string;
  /** Who deals with them. */
  who: string;
  now: () => number;
  newId: () => string;
}
