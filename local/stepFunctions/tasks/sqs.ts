import { isObject, type Json } from "../language/json";
import type { ErrorNames } from "./answer";
import { callJson } from "./awsJsonCall";
import type { Integration } from "./integration";

const names: ErrorNames = {
  prefix: "SQS",
  service: "AmazonSQS",
  other: "AmazonSQSException",
  known: { QueueDoesNotExist: "QueueDoesNotExistException" },
};

/** A body that is no text is sent as the JSON that it is. */
const written = (parameters: Json): Json => {
  if (!isObject(parameters)) return parameters;
  const { MessageBody, ...others } = parameters;
  if (MessageBody === undefined || MessageBody === null || typeof MessageBody === "string") return parameters;
  return { ...others, MessageBody: JSON.stringify(MessageBody) };
};

/** `arn:aws:states:::sqs:sendMessage` */
export const sendMessage: Integration = {
  resourceType: "sqs",
  resource: "sendMessage",
  required: ["QueueUrl", "MessageBody"],
  optional: ["DelaySeconds", "MessageAttributes"],
  call: async (call) => {
    const api = { service: "sqs", target: "AmazonSQS", version: "1.0", names } as const;
    const { output, metadata } = await callJson(api, "SendMessage", written(call.parameters), call);
    return { ...output, ...metadata };
  },
};
