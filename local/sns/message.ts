import { AwsError } from "../cloud/awsError";
import { invalidParameter, mustNotBeNull } from "./errors";
import { messageAttributes, sizeOfAttributes } from "./messageAttributes";
import type { Attributes, Posted } from "./topic";

type Fields = Readonly<Record<string, string>>;

/** Of a message with its attributes, and of a batch. */
const largest = 262_144;
const longestSubject = 99;

const checkSubject = (subject: string): void => {
  const fits = subject !== "" && [...subject].length <= longestSubject && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(subject);
  if (!fits) throw invalidParameter("Subject");
};

const parseStructure = (message: string): Record<string, string> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalidParameter("Message Structure - JSON message body failed to parse");
  }
  // What is not a text is left out, as in AWS.
  const texts = Object.entries(parsed ?? {}).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts);
};

/** The text of a message, or one for each protocol. */
const textsOf = (message: string, structure: string | undefined): Pick<Posted, "message" | "byProtocol"> => {
  if (structure === undefined) return { message, byProtocol: {} };
  if (structure !== "json") throw invalidParameter("MessageStructure");
  const { default: otherwise, ...byProtocol } = parseStructure(message);
  if (otherwise === undefined) {
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  }
  return { message: otherwise, byProtocol };
};

const sizeOf = (message: string, attributes: Attributes): number =>
  Buffer.byteLength(message) + sizeOfAttributes(attributes);

const checkSize = (posted: Posted): Posted => {
  if (posted.size > largest) throw invalidParameter("Message too long");
  return posted;
};

/** Checks a message as it was sent, other than its size. `place` leads to it where there are several. */
const readOne = (fields: Fields, place = ""): Posted => {
  const { Message: message, Subject: subject, MessageStructure: structure } = fields;
  if (fields["MessageDeduplicationId"] !== undefined) {
    throw invalidParameter(
      "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
    );
  }
  if (subject !== undefined) checkSubject(subject);
  if (message === undefined) throw mustNotBeNull(`${place}message`);
  if (message === "") throw invalidParameter("Empty message");
  const attributes = messageAttributes(fields, place);
  return { ...textsOf(message, structure), subject, attributes, size: sizeOf(message, attributes) };
};

export const readMessage = (fields: Fields): Posted => checkSize(readOne(fields));

/** What is wrong with one message of a batch is wrong with the batch. */
export const readBatch = (entries: readonly Fields[]): Posted[] => {
  const all = entries.map((entry, at) => readOne(entry, `publishBatchRequestEntries.${at + 1}.member.`));
  if (all.reduce((sum, { size }) => sum + size, 0) > largest) {
    throw new AwsError("BatchRequestTooLong", "The length of all the messages put together is more than the limit.");
  }
  return all;
};

/** A message of another service of the cloud, whose subject is its own matter. */
export const fromWithin = (message: string, subject: string | undefined, texts: Fields): Posted => {
  const attributes = Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, { type: "String", value }]),
  );
  return checkSize({ message, byProtocol: {}, subject, attributes, size: sizeOf(message, attributes) });
};
