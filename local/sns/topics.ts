import { createHash } from "node:crypto";
import { topicArn } from "./address";
import { doesNotExist, invalidParameter } from "./errors";
import { refusedBy, settingsOf, shown } from "./subscriptionAttributes";
import type { Subscription, Topic, TopicSettings } from "./topic";
import { shownOfTopic, topicSettings } from "./topicAttributes";

export type Wanted = Omit<Subscription, "arn" | "settings">;

const plain: TopicSettings = { displayName: "", keyId: undefined, policy: undefined, policyText: undefined };

/** The same for the same subscriber, so that a restart changes no ARN. */
const subscriptionArn = ({ topicArn, protocol, endpoint }: Wanted): string => {
  const digest = createHash("sha256").update(`${topicArn} ${protocol} ${endpoint}`).digest("hex");
  const id = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(digest)?.slice(1).join("-");
  return `${topicArn}:${id}`;
};

const differs = (given: Readonly<Record<string, string>>, there: Readonly<Record<string, string | undefined>>) =>
  Object.entries(given).some(([name, value]) => (there[name] ?? "") !== value);

/** Topics and who subscribed to them. Those that the program declared outlive a reset. */
export class Topics {
  #topics = new Map<string, Topic>();
  #subscriptions = new Map<string, Subscription>();
  readonly #declaredTopics = new Map<string, Topic>();
  readonly #declaredSubscriptions = new Map<string, Subscription>();

  all(): Topic[] {
    return [...this.#topics.values()];
  }

  find(arn: string): Topic {
    const topic = this.#topics.get(arn);
    if (!topic) throw doesNotExist("Topic");
    return topic;
  }

  create(name: string, attributes: Readonly<Record<string, string>>): Topic {
    const there = this.#topics.get(topicArn(name));
    if (there && differs(attributes, shownOfTopic(there))) {
      throw invalidParameter("Attributes Reason: Topic already exists with different attributes");
    }
    return there ?? this.#put({ ...plain, ...topicSettings(attributes, name), name, arn: topicArn(name) });
  }

  configure(arn: string, attributes: Readonly<Record<string, string>>): Topic {
    const topic = this.find(arn);
    return this.#put({ ...topic, ...topicSettings(attributes, topic.name) });
  }

  /** With its subscriptions. Of a topic that is not there, nothing is said. */
  drop(arn: string): void {
    this.#topics.delete(arn);
    for (const subscription of this.subscriptions(arn)) this.#subscriptions.delete(subscription.arn);
  }

  subscriptions(topicArn?: string): Subscription[] {
    const all = [...this.#subscriptions.values()];
    return topicArn === undefined ? all : all.filter((one) => one.topicArn === topicArn);
  }

  findSubscription(arn: string): Subscription {
    const subscription = this.#subscriptions.get(arn);
    if (!subscription) throw doesNotExist("Subscription");
    return subscription;
  }

  subscribe(wanted: Wanted): Subscription {
    this.find(wanted.topicArn);
    const refuse = refusedBy("Subscribe");
    const settings = settingsOf(wanted.attributes, wanted.protocol, refuse);
    const arn = subscriptionArn(wanted);
    const there = this.#subscriptions.get(arn);
    if (there && differs(wanted.attributes, shown(there))) {
      throw invalidParameter("Attributes Reason: Subscription already exists with different attributes");
    }
    return there ?? this.#putSubscription({ ...wanted, arn, settings });
  }

  configureSubscription(arn: string, name: string, value: string): void {
    const subscription = this.findSubscription(arn);
    const attributes = { ...subscription.attributes, [name]: value };
    const settings = settingsOf(attributes, subscription.protocol, refusedBy("SetSubscriptionAttributes"));
    this.#putSubscription({ ...subscription, attributes, settings });
  }

  unsubscribe(arn: string): void {
    this.#subscriptions.delete(arn);
  }

  /** What has this ARN was declared as it is now. */
  keep(arn: string): void {
    const topic = this.#topics.get(arn);
    if (topic) this.#declaredTopics.set(arn, topic);
    const subscription = this.#subscriptions.get(arn);
    if (subscription) this.#declaredSubscriptions.set(arn, subscription);
  }

  /** Goes back to what was declared. */
  reset(): void {
    this.#topics = new Map(this.#declaredTopics);
    this.#subscriptions = new Map(this.#declaredSubscriptions);
  }

  #put(topic: Topic): Topic {
    this.#topics.set(topic.arn, topic);
    return topic;
  }

  #putSubscription(subscription: Subscription): Subscription {
    this.#subscriptions.set(subscription.arn, subscription);
    return subscription;
  }
}
