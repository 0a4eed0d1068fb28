import type { CompiledPolicy } from "../iam/policy";

export interface Topic {
  name: string;
  arn: string;
  displayName: string;
  /** Of the key that encrypts it, if one does. */
  keyId: string | undefined;
  policy: CompiledPolicy | undefined;
  policyText: string | undefined;
}

export type Attributes = Record<string, { type: string; value: string }>;

/** What was published, once. */
export interface Publication {
  messageId: string;
  topicArn: string;
  subject: string | undefined;
  message: string;
  attributes: Attributes;
  at: number;
}

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: "sqs" | "lambda" | "email";
  endpoint: string;
  raw: boolean;
  filter:
    | { text: string; scope: "MessageAttributes" | "MessageBody"; accepts: (publication: Publication) => boolean }
    | undefined;
  deadLetterArn: string | undefined;
}

/** A mail that would have been sent. */
export interface Mail {
  to: string;
  topicArn: string;
  subject: string;
  text: string;
  at: number;
}
