import type { Protocol } from "../cloud/service";
import { awsJson } from "../gateway/awsJson";
import { queryCodes } from "./errors";

const json = (errorNamespace: string): Protocol =>
  awsJson({ version: "1.0", target: "AmazonSQS", errorNamespace, queryCodes });

/** Errors that SQS's own model does not know come from what AWS's services are built on, and say so. */
const general = new Set([
  "AccessDeniedException",
  "InvalidParameterValueException",
  "MissingRequiredParameterException",
  "SerializationException",
  "UnrecognizedClientException",
]);

const own = json("com.amazonaws.sqs");
const common = json("com.amazon.coral.service");

export const sqsProtocol: Protocol = {
  ...own,
  refuse: (error, requestId) => (general.has(error.code) ? common : own).refuse(error, requestId),
};
