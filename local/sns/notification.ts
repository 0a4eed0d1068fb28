import type { Publication, Subscription } from "./topic";

const unsubscribe = ({ arn }: Subscription): string =>
  `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}`;

const attributesOf = (publication: Publication) => {
  const entries = Object.entries(publication.attributes);
  if (entries.length === 0) return {};
  return {
    MessageAttributes: Object.fromEntries(
      entries.map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
    ),
  };
};

const common = (publication: Publication) => ({
  Type: "Notification",
  MessageId: publication.messageId,
  TopicArn: publication.topicArn,
  ...(publication.subject !== undefined && { Subject: publication.subject }),
  Message: publication.message,
  Timestamp: new Date(publication.at).toISOString(),
  SignatureVersion: "1",
  Signature: "not signed by the embedded cloud",
});

/** What a queue gets, unless it asked for the message alone. */
export const forQueue = (publication: Publication, subscription: Subscription): string =>
  JSON.stringify({
    ...common(publication),
    SigningCertURL: "",
    UnsubscribeURL: unsubscribe(subscription),
    ...attributesOf(publication),
  });

/** What a function gets. */
export const forFunction = (publication: Publication, subscription: Subscription): string =>
  JSON.stringify({
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: subscription.arn,
        Sns: {
          ...common(publication),
          Subject: publication.subject ?? null,
          SigningCertUrl: "",
          UnsubscribeUrl: unsubscribe(subscription),
          MessageAttributes: {},
          ...attributesOf(publication),
        },
      },
    ],
  });
