import { account } from "../cloud/cloud";
import type { Realise } from "../cloud/service";
import { understood } from "../cloud/understood";
import type { Declared } from "../engine/program";
import { checkName } from "./operations/topics";
import { subscriberOf } from "./subscriber";
import type { Topics } from "./topics";

const deployer = `arn:aws:iam::${account}:user/local`;

const asText = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** Attributes under AWS's names, of the properties that are set. */
const attributesOf = ({ inputs }: Declared, names: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([property, attribute]) =>
      inputs[property] === undefined || inputs[property] === null ? [] : [[attribute, asText(inputs[property])]],
    ),
  );

/** Names the resource in what went wrong with it. */
const within = <T>({ type, name }: Declared, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw new Error(`${type} ${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
};

const topicAttributes = { displayName: "DisplayName", kmsMasterKeyId: "KmsMasterKeyId" };
const subscriptionAttributes = {
  rawMessageDelivery: "RawMessageDelivery",
  filterPolicy: "FilterPolicy",
  filterPolicyScope: "FilterPolicyScope",
  redrivePolicy: "RedrivePolicy",
};

/** The resources of a program, by Pulumi's type tokens. */
export const declaredResources = (topics: Topics): Record<string, Realise> => ({
  "aws:sns/topic:Topic": (declared) => {
    understood(declared, ["name", ...Object.keys(topicAttributes), "tags", "tagsAll"]);
    return within(declared, () => {
      const name = checkName(asText(declared.inputs["name"] ?? declared.name));
      const { arn } = topics.create(name, attributesOf(declared, topicAttributes));
      topics.keep(arn);
      return { id: arn, outputs: { ...declared.inputs, arn, name } };
    });
  },
  "aws:sns/topicPolicy:TopicPolicy": (declared) => {
    understood(declared, ["arn", "policy"]);
    return within(declared, () => {
      const { arn } = topics.configure(asText(declared.inputs["arn"]), { Policy: asText(declared.inputs["policy"]) });
      topics.keep(arn);
      return { id: arn, outputs: declared.inputs };
    });
  },
  "aws:sns/topicSubscription:TopicSubscription": (declared) => {
    understood(declared, ["topic", "protocol", "endpoint", ...Object.keys(subscriptionAttributes)]);
    return within(declared, () => {
      const { topic, protocol, endpoint } = declared.inputs;
      const { arn } = topics.subscribe({
        ...subscriberOf(asText(protocol), asText(endpoint)),
        topicArn: asText(topic),
        principal: deployer,
        attributes: attributesOf(declared, subscriptionAttributes),
      });
      topics.keep(arn);
      return { id: arn, outputs: { ...declared.inputs, arn } };
    });
  },
});
