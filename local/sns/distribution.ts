import { AwsError } from "../cloud/awsError";
import type { Cancel } from "../cloud/clock";
import { account, type Cloud } from "../cloud/cloud";
import { service } from "../iam/principal";
import type { QueueDelivery } from "../sqs/delivery";
import type { MessageAttributes } from "../sqs/messageAttributes";
import { forFunction, forQueue } from "./notification";
import { quickRetries, waitBefore } from "./retries";
import type { Attributes, Mail, Posted, Publication, Subscription } from "./topic";

/** An error of the caller's own, such as a queue that is gone: AWS does not try again, only where it was throttled. */
const isFinal = (error: unknown): boolean => error instanceof AwsError && error.status < 500 && error.status !== 429;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const asQueueAttributes = (attributes: Attributes): MessageAttributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [
      name,
      type.startsWith("Binary") ? { DataType: type, BinaryValue: value } : { DataType: type, StringValue: value },
    ]),
  );

/** Brings publications to their subscribers. */
export class Distribution {
  readonly mails: Mail[] = [];
  readonly #retries = new Set<Cancel>();

  constructor(
    private readonly cloud: Cloud,
    private readonly wait: typeof waitBefore = waitBefore,
  ) {}

  distribute({ byProtocol, ...posted }: Posted & Publication, subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      const publication: Publication = { ...posted, message: byProtocol[subscription.protocol] ?? posted.message };
      const { filter } = subscription.settings;
      if (filter && !filter.accepts(publication)) continue;
      if (subscription.protocol === "email") this.#mail(publication, subscription);
      else void this.#try(publication, subscription, 0);
    }
  }

  /** Forgets the mails, and what was still to be delivered. */
  reset(): void {
    this.mails.length = 0;
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
  }

  #mail(publication: Publication, { endpoint }: Subscription): void {
    this.mails.push({
      to: endpoint,
      topicArn: publication.topicArn,
      subject: publication.subject ?? "AWS Notification Message",
      text: publication.message,
      at: publication.at,
    });
  }

  async #try(publication: Publication, subscription: Subscription, retry: number): Promise<void> {
    const end = this.cloud.activity.begin("notification");
    try {
      await this.#send(publication, subscription, subscription.endpoint);
    } catch (error) {
      await this.#failed(error, publication, subscription, retry);
    } finally {
      end();
    }
  }

  #send(publication: Publication, subscription: Subscription, to: string): Promise<void> {
    const from = service("sns.amazonaws.com", { sourceArn: publication.topicArn, sourceAccount: account });
    if (subscription.protocol === "lambda") {
      return this.cloud.deliver({ to, body: forFunction(publication, subscription), from });
    }
    if (!subscription.settings.raw) {
      return this.cloud.deliver({ to, body: forQueue(publication, subscription), from });
    }
    const raw: QueueDelivery = {
      to,
      body: publication.message,
      from,
      messageAttributes: asQueueAttributes(publication.attributes),
    };
    return this.cloud.deliver(raw);
  }

  async #failed(error: unknown, publication: Publication, subscription: Subscription, retry: number): Promise<void> {
    const next = retry + 1;
    const wait = isFinal(error) ? undefined : this.wait(next);
    if (wait === undefined) return this.#giveUp(error, publication, subscription);
    if (next === quickRetries + 1) this.#trace(subscription, `tried again for 23 days: ${reasonOf(error)}`);
    // Nobody who waits for the cloud to come to rest should wait for weeks.
    const kind = next > quickRetries ? "calendar" : "work";
    const cancel = this.cloud.clock.after(wait, kind, () => {
      this.#retries.delete(cancel);
      void this.#try(publication, subscription, next);
    });
    this.#retries.add(cancel);
  }

  async #giveUp(error: unknown, publication: Publication, subscription: Subscription): Promise<void> {
    const { deadLetterArn } = subscription.settings;
    if (deadLetterArn === undefined) return this.#trace(subscription, `lost: ${reasonOf(error)}`);
    try {
      await this.#send(publication, { ...subscription, protocol: "sqs" }, deadLetterArn);
    } catch (lost) {
      this.#trace(subscription, `lost: ${reasonOf(lost)}`);
    }
  }

  /** AWS drops what has no dead letter queue; here at least the trace says so. */
  #trace({ arn, topicArn }: Subscription, outcome: string): void {
    this.cloud.trace.add({
      at: this.cloud.clock.now(),
      durationMs: 0,
      service: "sns",
      operation: "Deliver",
      resource: arn,
      caller: topicArn,
      outcome,
    });
  }
}
