import { AwsError } from "../cloud/awsError";
import type { StoredMessage } from "./message";

const separator = "|";

/** Of a message's last receive. */
export const receiptHandle = (queueArn: string, { id, receipt }: StoredMessage): string =>
  Buffer.from([queueArn, id, receipt].join(separator)).toString("base64");

export const readReceiptHandle = (handle: string, queueArn: string): { messageId: string; receipt: string } => {
  const [arn, messageId, receipt] = Buffer.from(handle, "base64").toString("utf8").split(separator);
  if (arn !== queueArn || !messageId || !receipt) {
    const message = `The input receipt handle "${handle}" is not a valid receipt handle.`;
    throw new AwsError("ReceiptHandleIsInvalid", message, 404);
  }
  return { messageId, receipt };
};
