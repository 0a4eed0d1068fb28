import { dynamodbItem } from "./dynamodb";
import { putEvents } from "./events";
import type { Integration } from "./integration";
import { functionItself, invokeFunction } from "./lambda";
import { publish } from "./sns";
import { sendMessage } from "./sqs";

const integrations = [invokeFunction, sendMessage, publish, putEvents];

/** By a Task state's Resource. */
export const integrationOf = (resource: string): Integration => {
  if (/^arn:aws:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(resource)) return functionItself(resource);
  const [, service = "", action = ""] = /^arn:aws:states:::((?:aws-sdk:)?[\w-]+):(.+)$/.exec(resource) ?? [];
  const found =
    integrations.find((one) => one.resourceType === service && one.resource === action) ??
    dynamodbItem(service, action);
  if (!found) throw new Error(`the embedded cloud does not support the Resource ${resource}`);
  return found;
};
