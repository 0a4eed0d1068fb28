import { createHash } from "node:crypto";
import type { SQSMessageAttributes, SQSRecord } from "aws-lambda";
import { type Glimpse, glimpse } from "../events/glimpse";
import { type Attributes, deliveryOf } from "./delivery";
import { type Known, originOf, triggerOf } from "./origin";
import { type LetterCategory, reasonOf } from "./reason";

/** A dead letter as it was taken out of its queue. */
export interface Letter {
  letterId: string;
  /** The same again when the queue delivers it again. */
  arrival: string;
  origin: string;
  originQueue: string;
  source: string;
  category: LetterCategory;
  reason: string;
  field?: string;
  trigger?: string;
  body: string;
  attributes: Attributes;
  receiveCount: number;
  failedAt: string;
  sentAt: string;
  event: Glimpse;
}

const attributesOf = (given: SQSMessageAttributes): Attributes =>
  Object.fromEntries(
    Object.entries(given).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        type: dataType,
        ...(stringValue !== undefined && { text: stringValue }),
        ...(binaryValue !== undefined && { binary: binaryValue }),
      },
    ]),
  );

const idLength = 24;

/**
 * Two letters are one if redriving either would do the same: the same content to the same receiver. An event that fails
 * again after its redrive is the same letter once more.
 */
const identify = (source: string, what: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify([source, what]))
    .digest("hex")
    .slice(0, idLength);

export const readLetter = (record: SQSRecord, known: Known, now: number): Letter => {
  const { body, messageId, eventSourceARN, attributes: system } = record;
  const { label, source } = originOf(eventSourceARN, known);
  const ofFunction = Object.hasOwn(known.schedules, label);
  const { failedAt = new Date(now).toISOString(), ...why } = reasonOf(record, ofFunction);
  const trigger = triggerOf(label, record.messageAttributes["RULE_ARN"]?.stringValue, known);
  const attributes = attributesOf(record.messageAttributes);
  const about = { source, ...why, ...(trigger !== undefined && { trigger }) };
  return {
    ...about,
    letterId: identify(source, deliveryOf(about, body, attributes) ?? body),
    arrival: messageId,
    origin: label,
    originQueue: eventSourceARN,
    body,
    attributes,
    receiveCount: Number(system.ApproximateReceiveCount),
    failedAt,
    sentAt: new Date(Number(system.SentTimestamp)).toISOString(),
    event: glimpse(body),
  };
};
