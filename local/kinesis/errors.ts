import { AwsError } from "../cloud/awsError";
import { account } from "../cloud/cloud";

export const invalidArgument = (message: string): AwsError => new AwsError("InvalidArgumentException", message);

export const limitExceeded = (message: string): AwsError => new AwsError("LimitExceededException", message);

export const streamNotFound = (name: string): AwsError =>
  new AwsError("ResourceNotFoundException", `Stream ${name} under account ${account} not found.`);

export const streamExists = (name: string): AwsError =>
  new AwsError("ResourceInUseException", `Stream ${name} under account ${account} already exists.`);

/** As reading calls say it. */
export const shardDoesNotExist = (shardId: string, stream: string): AwsError =>
  new AwsError(
    "ResourceNotFoundException",
    `Shard ${shardId} in stream ${stream} under account ${account} does not exist`,
  );

/** As calls that change shards say it. */
export const shardNotFound = (shardId: string, stream: string): AwsError =>
  new AwsError(
    "ResourceNotFoundException",
    `Could not find shard ${shardId} in stream ${stream} under account ${account}.`,
  );

export const throughputExceeded = (shardId: string, stream: string): AwsError =>
  new AwsError(
    "ProvisionedThroughputExceededException",
    `Rate exceeded for shard ${shardId} in stream ${stream} under account ${account}.`,
  );
