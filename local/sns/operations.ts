import { AwsError, unsupported } from "../cloud/awsError";
import { account, region } from "../cloud/cloud";
import type { Call, Operation } from "../cloud/service";
import { listField } from "../gateway/awsQuery";
import { compileFilter } from "./filter";
import { protocolOf, type Topics } from "./service";
import type { Attributes, Subscription, Topic } from "./topic";

type Fields = Record<string, string>;

const everywhere = `arn:aws:sns:${region}:${account}:*`;

const attributesIn = (fields: Fields, prefix: string): Attributes =>
  Object.fromEntries(
    listField(fields, prefix).map((one) => [
      one["Name"] ?? "",
      { type: one["Value.DataType"] ?? "String", value: one["Value.StringValue"] ?? one["Value.BinaryValue"] ?? "" },
    ]),
  );

const mapIn = (fields: Fields, prefix: string): Fields =>
  Object.fromEntries(listField(fields, prefix).map(({ key = "", value = "" }) => [key, value]));

const entries = (record: Record<string, string | undefined>): { entry: { key: string; value: string }[] } => ({
  entry: Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }])),
});

const describe = ({ arn, topicArn, protocol, endpoint }: Subscription) => ({
  SubscriptionArn: arn,
  Owner: account,
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topicArn,
});

/** What these calls take; anything else would be ignored in silence. */
const refuseOthers = (fields: Fields, known: readonly string[]): void => {
  for (const name of Object.keys(fields)) {
    const base = name.split(".")[0] ?? "";
    if (base !== "Action" && base !== "Version" && !known.includes(base)) {
      throw unsupported(`the parameter ${base} of ${fields["Action"] ?? "a batch entry"}`);
    }
  }
};

const subscribable = ["RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"];

const refuseFifo = (name: string): void => {
  if (name.endsWith(".fifo"))
    throw new AwsError("InvalidParameter", "Invalid parameter: FIFO topics are not supported");
};

export const topicOperations = (topics: Topics): Record<string, Operation> => {
  const onTopic = (action: string) => (fields: Fields) => {
    const { arn, policy } = topics.find(fields["TopicArn"] ?? fields["TargetArn"] ?? "");
    return { action: `sns:${action}`, resource: arn, policy };
  };
  const anywhere = (action: string) => () => ({ action: `sns:${action}`, resource: everywhere });
  const subscription = (fields: Fields): Subscription => {
    const found = topics.subscriptions().find(({ arn }) => arn === fields["SubscriptionArn"]);
    if (!found) throw new AwsError("NotFound", "Subscription does not exist", 404);
    return found;
  };
  const onSubscription = (action: string) => (fields: Fields) => {
    const { arn, policy } = topics.find(subscription(fields).topicArn);
    return { action: `sns:${action}`, resource: arn, policy };
  };
  const topicOf = (fields: Fields): Topic => topics.find(fields["TopicArn"] ?? fields["TargetArn"] ?? "");

  return {
    CreateTopic: {
      access: ({ Name }: Fields) => ({
        action: "sns:CreateTopic",
        resource: `arn:aws:sns:${region}:${account}:${Name}`,
      }),
      run: ({ Name = "" }: Fields) => {
        refuseFifo(Name);
        const there = topics.all().find(({ name }) => name === Name);
        return { TopicArn: (there ?? topics.create(Name)).arn };
      },
    },
    ListTopics: {
      access: anywhere("ListTopics"),
      run: () => ({ Topics: topics.all().map(({ arn }) => ({ TopicArn: arn })) }),
    },
    GetTopicAttributes: {
      access: onTopic("GetTopicAttributes"),
      run: (fields: Fields) => {
        const { arn, displayName, policyText, keyId } = topicOf(fields);
        const count = String(topics.subscriptions(arn).length);
        return {
          Attributes: entries({
            TopicArn: arn,
            Owner: account,
            DisplayName: displayName,
            Policy: policyText,
            KmsMasterKeyId: keyId,
            SubscriptionsConfirmed: count,
          }),
        };
      },
    },
    Publish: {
      access: onTopic("Publish"),
      run: (fields: Fields, { caller }: Call) => {
        refuseOthers(fields, ["TopicArn", "TargetArn", "Message", "Subject", "MessageAttributes"]);
        const { Message = "", Subject } = fields;
        const attributes = attributesIn(fields, "MessageAttributes.entry");
        return { MessageId: topics.publish(topicOf(fields), caller, Message, Subject, attributes) };
      },
    },
    PublishBatch: {
      access: onTopic("Publish"),
      run: (fields: Fields, { caller }: Call) => {
        const batch = listField(fields, "PublishBatchRequestEntries.member");
        if (batch.length === 0 || batch.length > 10) {
          throw new AwsError("TooManyEntriesInBatchRequest", "A batch has from 1 to 10 entries");
        }
        const ids = batch.map(({ Id = "" }) => Id);
        if (new Set(ids).size < ids.length) {
          throw new AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
        }
        const topic = topicOf(fields);
        const Successful: { Id: string; MessageId: string }[] = [];
        const Failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[] = [];
        for (const { Id = "", Message = "", Subject, ...more } of batch) {
          try {
            refuseOthers(more, ["MessageAttributes"]);
            const attributes = attributesIn(more, "MessageAttributes.entry");
            Successful.push({ Id, MessageId: topics.publish(topic, caller, Message, Subject, attributes) });
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: error.status < 500 });
          }
        }
        return { Successful, Failed };
      },
    },
    Subscribe: {
      access: onTopic("Subscribe"),
      run: (fields: Fields) => {
        const given = mapIn(fields, "Attributes.entry");
        const odd = Object.keys(given).find((name) => !subscribable.includes(name));
        if (odd) throw unsupported(`the subscription attribute ${odd}`);
        const { arn } = topics.subscribe({
          topicArn: topicOf(fields).arn,
          protocol: protocolOf(fields["Protocol"] ?? ""),
          endpoint: fields["Endpoint"] ?? "",
          raw: given["RawMessageDelivery"] === "true",
          filter: given["FilterPolicy"] ? compileFilter(given["FilterPolicy"], given["FilterPolicyScope"]) : undefined,
          deadLetterArn: given["RedrivePolicy"]
            ? (JSON.parse(given["RedrivePolicy"]) as { deadLetterTargetArn: string }).deadLetterTargetArn
            : undefined,
        });
        return { SubscriptionArn: arn };
      },
    },
    Unsubscribe: {
      access: onSubscription("Unsubscribe"),
      run: (fields: Fields) => topics.unsubscribe(subscription(fields).arn),
    },
    ListSubscriptions: {
      access: anywhere("ListSubscriptions"),
      run: () => ({ Subscriptions: topics.subscriptions().map(describe) }),
    },
    ListSubscriptionsByTopic: {
      access: onTopic("ListSubscriptionsByTopic"),
      run: (fields: Fields) => ({ Subscriptions: topics.subscriptions(topicOf(fields).arn).map(describe) }),
    },
    GetSubscriptionAttributes: {
      access: onSubscription("GetSubscriptionAttributes"),
      run: (fields: Fields) => {
        const { arn, topicArn, protocol, endpoint, raw, filter } = subscription(fields);
        return {
          Attributes: entries({
            SubscriptionArn: arn,
            TopicArn: topicArn,
            Protocol: protocol,
            Endpoint: endpoint,
            RawMessageDelivery: String(raw),
            FilterPolicy: filter?.text,
            FilterPolicyScope: filter?.scope,
            PendingConfirmation: "false",
          }),
        };
      },
    },
  };
};
