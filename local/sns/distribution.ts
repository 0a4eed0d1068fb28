import { AwsError } from "../cloud/awsError";
import { account, type Cloud } from "../cloud/cloud";
import { service } from "../iam/principal";
import { forFunction, forQueue } from "./notification";
import type { Mail, Publication, Subscription } from "./topic";

/** Waits between the tries of one delivery. */
const waitsMs = [1_000, 5_000, 20_000];
/** Asking again would not help. */
const final = new Set([
  "AccessDeniedException",
  "AWS.SimpleQueueService.NonExistentQueue",
  "QueueDoesNotExist",
  "ResourceNotFoundException",
]);

/** Brings publications to their subscribers. */
export class Distribution {
  readonly mails: Mail[] = [];

  constructor(private readonly cloud: Cloud) {}

  distribute(publication: Publication, subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      if (subscription.filter && !subscription.filter.accepts(publication)) continue;
      if (subscription.protocol === "email") this.#mail(publication, subscription);
      else void this.#try(publication, subscription, 0);
    }
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

  async #try(publication: Publication, subscription: Subscription, tries: number): Promise<void> {
    const end = this.cloud.activity.begin("notification");
    try {
      await this.#send(publication, subscription, subscription.endpoint);
    } catch (error) {
      await this.#failed(error, publication, subscription, tries);
    } finally {
      end();
    }
  }

  #send(publication: Publication, subscription: Subscription, to: string): Promise<void> {
    const from = service("sns.amazonaws.com", { sourceArn: publication.topicArn, sourceAccount: account });
    if (subscription.protocol === "lambda") {
      return this.cloud.deliver({ to, body: forFunction(publication, subscription), from });
    }
    if (!subscription.raw) return this.cloud.deliver({ to, body: forQueue(publication, subscription), from });
    const attributes = Object.fromEntries(
      Object.entries(publication.attributes).map(([name, { value }]) => [name, value]),
    );
    return this.cloud.deliver({ to, body: publication.message, from, attributes });
  }

  async #failed(error: unknown, publication: Publication, subscription: Subscription, tries: number): Promise<void> {
    const wait = waitsMs[tries];
    const hopeless = error instanceof AwsError && final.has(error.code);
    if (wait !== undefined && !hopeless) {
      this.cloud.clock.after(wait, "work", () => void this.#try(publication, subscription, tries + 1));
      return;
    }
    const outcome = error instanceof Error ? error.message : String(error);
    const { deadLetterArn } = subscription;
    if (deadLetterArn) {
      try {
        await this.#send(publication, { ...subscription, protocol: "sqs" }, deadLetterArn);
        return;
      } catch (lost) {
        this.#trace(subscription, `lost: ${lost instanceof Error ? lost.message : lost}`);
        return;
      }
    }
    this.#trace(subscription, `lost: ${outcome}`);
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
