import type { Cloud } from "../cloud/cloud";
import type { Principal } from "../iam/principal";
import type { Distribution } from "./distribution";
import type { Posted, Topic } from "./topic";
import type { Topics } from "./topics";

/** Publishes what was checked, and answers the message's id. */
export type Publish = (topic: Topic, from: Principal, posted: Posted) => string;

const billedChunk = 64 * 1024;

export const createPublisher =
  (
    cloud: Cloud,
    topics: Topics,
    distribution: Distribution,
    /** Throws unless the key admits this caller. */
    canUseKey: (principal: Principal, keyIdOrArn: string) => void,
  ): Publish =>
  (topic, from, posted) => {
    if (topic.keyId) canUseKey(from, topic.keyId);
    cloud.meter.add("sns publish", Math.max(1, Math.ceil(posted.size / billedChunk)));
    const messageId = cloud.newId();
    const publication = { ...posted, messageId, topicArn: topic.arn, at: cloud.clock.now() };
    distribution.distribute(publication, topics.subscriptions(topic.arn));
    return messageId;
  };
