import { unsupported } from "../cloud/awsError";
import { invalidParameter } from "./errors";
import { type Protocol, protocols } from "./topic";

/** AWS knows these as well. */
const ofOthers = ["application", "email-json", "firehose", "http", "https", "sms"];

const endpoints: Readonly<Record<Protocol, { pattern: RegExp; refusal: string }>> = {
  sqs: { pattern: /^arn:[^:]+:sqs:[^:]*:[^:]*:[^:]+$/, refusal: "SQS endpoint ARN" },
  lambda: { pattern: /^arn:[^:]+:lambda:[^:]*:[^:]*:function:.+$/, refusal: "Lambda endpoint ARN" },
  email: { pattern: /^[^@\s]+@[^@\s]+$/, refusal: "Email address" },
};

const protocolOf = (name: string): Protocol => {
  const protocol = protocols.find((one) => one === name);
  if (protocol) return protocol;
  if (ofOthers.includes(name)) throw unsupported(`the protocol ${name}`);
  throw invalidParameter(`Amazon SNS does not support this protocol string: ${name}`);
};

/** Who can subscribe: a queue, a function or a mail address. */
export const subscriberOf = (name: string, endpoint: string): { protocol: Protocol; endpoint: string } => {
  const protocol = protocolOf(name);
  const { pattern, refusal } = endpoints[protocol];
  if (!pattern.test(endpoint)) throw invalidParameter(refusal);
  if (endpoint.endsWith(".fifo")) {
    throw invalidParameter(
      "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
    );
  }
  return { protocol, endpoint };
};
