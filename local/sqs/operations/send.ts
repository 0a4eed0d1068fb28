import { AwsError } from "../../cloud/awsError";
import type { Cloud } from "../../cloud/cloud";
import { faultError } from "../../cloud/faults";
import type { Call, Operation } from "../../cloud/service";
import { invalidParameter, missingParameter } from "../errors";
import { type Outgoing, sizeOf } from "../message";
import { checkAttributes, type MessageAttribute, md5OfAttributes } from "../messageAttributes";
import type { Queues } from "../queues";
import { largestMessage, longestDelay } from "../settings";
import { eachEntry } from "./batch";
import { type Input, knownOnly, optionalText, queueArn, whole } from "./input";
import { onQueue } from "./permission";

const delay = { least: 0, most: longestDelay, reason: `DelaySeconds must be >= 0 and <= ${longestDelay}.` };

/** A message carries on the trace that its sender names, or else works in. */
const traceHeaderOf = (input: Input, { http }: Call): string | undefined => {
  const system = (input["MessageSystemAttributes"] ?? {}) as Record<string, MessageAttribute>;
  const stranger = Object.keys(system).find((name) => name !== "AWSTraceHeader");
  if (stranger) throw invalidParameter(`Message system attribute name '${stranger}' is invalid.`);
  return system["AWSTraceHeader"]?.StringValue ?? http.headers["x-amzn-trace-id"];
};

const outgoingOf = (input: Input, call: Call): Outgoing => {
  const body = optionalText(input, "MessageBody");
  if (!body) throw missingParameter("MessageBody");
  return {
    body,
    attributes: checkAttributes(input["MessageAttributes"]),
    traceHeader: traceHeaderOf(input, call),
    delaySeconds: whole(input, "DelaySeconds", delay),
    senderId: call.caller.name,
  };
};

const parameters = ["QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageSystemAttributes"];
const entryParameters = ["Id", ...parameters.filter((name) => name !== "QueueUrl")];

const sizeOfEntry = (entry: Input): number => {
  const attributes = (entry["MessageAttributes"] ?? {}) as Outgoing["attributes"];
  return sizeOf({ body: optionalText(entry, "MessageBody") ?? "", attributes });
};

/** In a batch, what has no body fails under a code of its own. */
const checkBodyThere = (entry: Input): void => {
  if (!optionalText(entry, "MessageBody")) throw new AwsError("EmptyValue", missingParameter("MessageBody").message);
};

const checkBatchSize = (input: Input): void => {
  const size = ((input["Entries"] ?? []) as Input[]).reduce((sum, entry) => sum + sizeOfEntry(entry), 0);
  if (size <= largestMessage) return;
  throw new AwsError(
    "BatchRequestTooLong",
    `Batch requests cannot be longer than ${largestMessage} bytes. You have sent ${size} bytes.`,
  );
};

export const sendOperations = (cloud: Cloud, queues: Queues): Record<string, Operation> => {
  const send = (arn: string, outgoing: Outgoing): Record<string, unknown> => {
    const { id, md5, attributes } = queues.accept(arn, outgoing);
    const MD5OfMessageAttributes = md5OfAttributes(attributes);
    return { MessageId: id, MD5OfMessageBody: md5, ...(MD5OfMessageAttributes && { MD5OfMessageAttributes }) };
  };
  return {
    SendMessage: {
      access: onQueue(queues, "sqs:SendMessage"),
      run: (input: Input, call) => {
        knownOnly("SendMessage", input, parameters);
        return send(queueArn(input), outgoingOf(input, call));
      },
    },
    SendMessageBatch: {
      access: onQueue(queues, "sqs:SendMessage"),
      run: (input: Input, call) => {
        knownOnly("SendMessageBatch", input, ["QueueUrl", "Entries"]);
        const arn = queues.existing(queueArn(input));
        checkBatchSize(input);
        const aim = { service: "sqs", operation: "SendMessageBatch", caller: call.caller.name };
        return eachEntry(input, "SendMessageBatchRequestEntry", (entry) => {
          knownOnly("SendMessageBatch", entry, entryParameters);
          checkBodyThere(entry);
          const struck = cloud.faults.strike(aim, "partialFailure");
          if (struck) throw faultError(struck, aim.service);
          return send(arn, outgoingOf(entry, call));
        });
      },
    },
  };
};
