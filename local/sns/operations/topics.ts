import { unsupported } from "../../cloud/awsError";
import type { Operation } from "../../cloud/service";
import { checkTopicArn, topicArn } from "../address";
import { invalidParameter } from "../errors";
import { shownOfTopic } from "../topicAttributes";
import type { Topics } from "../topics";
import { anywhere, entries, type Fields, mapIn, may, onTopic, owner, page, refuseOthers, topicIn } from "./fields";

/** Checks a new topic's name as AWS does. */
export const checkName = (name: string): string => {
  if (name.endsWith(".fifo")) throw unsupported(`FIFO topics (${name})`);
  if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter("Topic Name");
  return name;
};

/** A topic may say that it is not FIFO. */
const withoutFifo = ({ FifoTopic = "false", ...attributes }: Fields): Fields => {
  if (FifoTopic !== "false") throw unsupported("FIFO topics (attribute FifoTopic)");
  return attributes;
};

export const topicOperations = (topics: Topics): Record<string, Operation> => ({
  CreateTopic: {
    access: ({ Name = "" }: Fields) => may("CreateTopic", { arn: topicArn(Name), policy: undefined }),
    run: (fields: Fields) => {
      // Tags have no effect here; nothing reads them back.
      refuseOthers("CreateTopic", fields, ["Name", "Attributes", "Tags"]);
      const name = checkName(fields["Name"] ?? "");
      return { TopicArn: topics.create(name, withoutFifo(mapIn(fields, "Attributes.entry"))).arn };
    },
  },
  DeleteTopic: {
    access: ({ TopicArn = "" }: Fields) => {
      const arn = checkTopicArn(TopicArn);
      return may("DeleteTopic", topics.all().find((topic) => topic.arn === arn) ?? { arn, policy: undefined });
    },
    run: (fields: Fields) => {
      refuseOthers("DeleteTopic", fields, ["TopicArn"]);
      topics.drop(fields["TopicArn"] ?? "");
    },
  },
  ListTopics: {
    access: anywhere("ListTopics"),
    run: (fields: Fields) => {
      refuseOthers("ListTopics", fields, ["NextToken"]);
      const { items, NextToken } = page(topics.all(), fields);
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken };
    },
  },
  GetTopicAttributes: {
    access: onTopic(topics, "GetTopicAttributes"),
    run: (fields: Fields) => {
      const topic = topicIn(topics, fields);
      return {
        Attributes: entries({
          ...shownOfTopic(topic),
          Owner: owner,
          TopicArn: topic.arn,
          SubscriptionsConfirmed: String(topics.subscriptions(topic.arn).length),
          SubscriptionsPending: "0",
          SubscriptionsDeleted: "0",
        }),
      };
    },
  },
  SetTopicAttributes: {
    access: onTopic(topics, "SetTopicAttributes"),
    run: (fields: Fields) => {
      refuseOthers("SetTopicAttributes", fields, ["TopicArn", "AttributeName", "AttributeValue"]);
      const { AttributeName = "", AttributeValue = "" } = fields;
      topics.configure(topicIn(topics, fields).arn, { [AttributeName]: AttributeValue });
    },
  },
});
