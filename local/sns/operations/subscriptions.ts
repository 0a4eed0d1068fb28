import type { Call, Operation } from "../../cloud/service";
import { invalidParameter, missingParts } from "../errors";
import { subscriberOf } from "../subscriber";
import { checkNames, refusedBy, shown } from "../subscriptionAttributes";
import type { Subscription } from "../topic";
import type { Topics } from "../topics";
import { anywhere, entries, type Fields, mapIn, may, onTopic, owner, page, refuseOthers, topicIn } from "./fields";

const describe = ({ arn, topicArn, protocol, endpoint }: Subscription) => ({
  SubscriptionArn: arn,
  Owner: owner,
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topicArn,
});

/** The topic's part of a subscription's ARN, whether there is such a subscription or not. */
const topicOf = (arn: string): string => {
  const missing = missingParts(arn);
  if (missing) throw invalidParameter(`SubscriptionArn Reason: ${missing}`);
  const parts = arn.split(":");
  if (parts.length === 6) throw invalidParameter("SubscriptionId");
  return parts.slice(0, 6).join(":");
};

export const subscriptionOperations = (topics: Topics): Record<string, Operation> => {
  const found = ({ SubscriptionArn = "" }: Fields): Subscription => topics.findSubscription(SubscriptionArn);
  const onSubscription = (action: string) => (fields: Fields) => may(action, topics.find(found(fields).topicArn));
  const list = (subscriptions: readonly Subscription[], fields: Fields) => {
    const { items, NextToken } = page(subscriptions, fields);
    return { Subscriptions: items.map(describe), NextToken };
  };
  return {
    Subscribe: {
      access: onTopic(topics, "Subscribe"),
      run: (fields: Fields, { caller }: Call) => {
        // All are confirmed at once, so that the ARN is always known.
        const known = ["TopicArn", "Protocol", "Endpoint", "Attributes", "ReturnSubscriptionArn"];
        refuseOthers("Subscribe", fields, known);
        const subscriber = subscriberOf(fields["Protocol"] ?? "", fields["Endpoint"] ?? "");
        const attributes = mapIn(fields, "Attributes.entry");
        checkNames(Object.keys(attributes), refusedBy("Subscribe"));
        const { arn } = topics.subscribe({
          ...subscriber,
          topicArn: topicIn(topics, fields).arn,
          principal: caller.name,
          attributes,
        });
        return { SubscriptionArn: arn };
      },
    },
    Unsubscribe: {
      access: ({ SubscriptionArn = "" }: Fields) => {
        const arn = topicOf(SubscriptionArn);
        return may("Unsubscribe", topics.all().find((topic) => topic.arn === arn) ?? { arn, policy: undefined });
      },
      run: ({ SubscriptionArn = "" }: Fields) => topics.unsubscribe(SubscriptionArn),
    },
    ListSubscriptions: {
      access: anywhere("ListSubscriptions"),
      run: (fields: Fields) => {
        refuseOthers("ListSubscriptions", fields, ["NextToken"]);
        return list(topics.subscriptions(), fields);
      },
    },
    ListSubscriptionsByTopic: {
      access: onTopic(topics, "ListSubscriptionsByTopic"),
      run: (fields: Fields) => {
        refuseOthers("ListSubscriptionsByTopic", fields, ["TopicArn", "NextToken"]);
        return list(topics.subscriptions(topicIn(topics, fields).arn), fields);
      },
    },
    GetSubscriptionAttributes: {
      access: onSubscription("GetSubscriptionAttributes"),
      run: (fields: Fields) => {
        const subscription = found(fields);
        return {
          Attributes: entries({
            ...describe(subscription),
            ...shown(subscription),
            SubscriptionPrincipal: subscription.principal,
            ConfirmationWasAuthenticated: "true",
            PendingConfirmation: "false",
          }),
        };
      },
    },
    SetSubscriptionAttributes: {
      access: onSubscription("SetSubscriptionAttributes"),
      run: (fields: Fields) => {
        refuseOthers("SetSubscriptionAttributes", fields, ["SubscriptionArn", "AttributeName", "AttributeValue"]);
        const { AttributeName = "", AttributeValue = "" } = fields;
        checkNames([AttributeName], refusedBy("SetSubscriptionAttributes"));
        topics.configureSubscription(found(fields).arn, AttributeName, AttributeValue);
      },
    },
  };
};
