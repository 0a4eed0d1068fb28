import { account, region } from "../cloud/cloud";
import { invalidParameter, missingParts } from "./errors";

export const topicArn = (name: string): string => `arn:aws:sns:${region}:${account}:${name}`;

export const everyTopic = topicArn("*");

/** Throws AWS's refusal of what cannot be the ARN of a topic here. */
export const checkTopicArn = (text: string): string => {
  const missing = missingParts(text);
  if (missing) throw invalidParameter(`TopicArn Reason: ${missing}`);
  const [, , , place, , ...name] = text.split(":");
  if (place !== region) throw invalidParameter("TopicArn");
  // A subscription's ARN, which has one part more, is what is mistaken for it.
  if (name.length > 1) throw invalidParameter("Topic Name");
  return text;
};
