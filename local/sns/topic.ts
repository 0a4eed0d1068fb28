import type { CompiledPolicy } from "../iam/policy";

/** What can be set on a topic after it was made. */
export interface TopicSettings {
  readonly displayName: string;
  /** Of the key that encrypts it, if one does. */
  readonly keyId: string | undefined;
  readonly policy: CompiledPolicy | undefined;
  readonly policyText: string | undefined;
}

export interface Topic extends TopicSettings {
  readonly name: string;
  readonly arn: string;
}

export type Attributes = Readonly<Record<string, { type: string; value: string }>>;

export const protocols = ["sqs", "lambda", "email"] as const;
export type Protocol = (typeof protocols)[number];

/** What a publisher hands in, checked. */
export interface Posted {
  readonly message: string;
  /** Other texts for some protocols. */
  readonly byProtocol: Readonly<Record<string, string>>;
  readonly subject: string | undefined;
  readonly attributes: Attributes;
  /** In bytes, with its attributes. */
  readonly size: number;
}

/** What was published, once, as one subscriber gets it. */
export interface Publication {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Attributes;
  readonly at: number;
}

export interface Filter {
  readonly text: string;
  readonly scope: "MessageAttributes" | "MessageBody";
  readonly accepts: (publication: Publication) => boolean;
}

/** What a subscription's attributes mean. */
export interface SubscriptionSettings {
  readonly raw: boolean;
  readonly filter: Filter | undefined;
  readonly deadLetterArn: string | undefined;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** Who subscribed. */
  readonly principal: string;
  /** Those that were set, as texts. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly settings: SubscriptionSettings;
}

/** A mail that would have been sent. */
export interface Mail {
  to: string;
  topicArn: string;
  subject: string;
  text: string;
  at: number;
}
