import type { Cloud } from "../cloud/cloud";
import type { Service } from "../cloud/service";
import { awsQuery } from "../gateway/awsQuery";
import { renaming } from "../gateway/renaming";
import type { Principal } from "../iam/principal";
import { declaredResources } from "./declared";
import { Distribution } from "./distribution";
import { fromWithin } from "./message";
import { may } from "./operations/fields";
import { publishOperations } from "./operations/publish";
import { subscriptionOperations } from "./operations/subscriptions";
import { topicOperations } from "./operations/topics";
import { createPublisher } from "./publisher";
import type { Mail } from "./topic";
import { Topics } from "./topics";

export interface SnsDependencies {
  /** Throws unless the key admits this caller. */
  canUseKey: (principal: Principal, keyIdOrArn: string) => void;
}

export interface Sns extends Service {
  /** What would have been mailed, oldest first. */
  mailbox: () => readonly Mail[];
}

/** SNS: topics, to queues, functions and a mailbox. */
export const createSns = (cloud: Cloud, { canUseKey }: SnsDependencies): Sns => {
  const distribution = new Distribution(cloud);
  const topics = new Topics();
  const publish = createPublisher(cloud, topics, distribution, canUseKey);

  cloud.onDelivery("sns", async ({ to, body, from, attributes: { Subject, ...texts } = {} }) => {
    const topic = topics.find(to);
    cloud.authorise(from, may("Publish", topic));
    publish(topic, from, fromWithin(body, Subject, texts));
  });

  return {
    signingName: "sns",
    protocol: renaming(awsQuery({ namespace: "http://sns.amazonaws.com/doc/2010-03-31/" }), {
      AccessDeniedException: { code: "AuthorizationError" },
      UnrecognizedClientException: { code: "InvalidClientTokenId" },
    }),
    operations: {
      ...topicOperations(topics),
      ...subscriptionOperations(topics),
      ...publishOperations(topics, publish),
    },
    resources: declaredResources(topics),
    mailbox: () => distribution.mails,
    reset: () => {
      distribution.reset();
      topics.reset();
    },
    close: () => distribution.reset(),
  };
};
