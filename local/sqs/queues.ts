import { AwsError } from "../cloud/awsError";
import type { BoundedJournal } from "../cloud/boundedJournal";
import type { Cloud } from "../cloud/cloud";
import type { Journal } from "../cloud/journal";
import type { CompiledPolicy } from "../iam/policy";
import { arnOf, nameOf, urlOf } from "./address";
import { bill } from "./billing";
import { invalidParameter, invalidValue, notAvailable, queueDoesNotExist } from "./errors";
import { checkBody, newMessage, type Outgoing, type StoredMessage, sizeOf } from "./message";
import { checkAttributes, type MessageAttributes } from "./messageAttributes";
import { readReceiptHandle } from "./receiptHandle";
import { type ReceivedMessage, receivedFrom } from "./received";
import { allowsRedrive } from "./redrive";
import { changeAttributes, defaults, longestVisibility, type QueueAttributes, settingsOf } from "./settings";
import { type Change, restored, Store, type StoredQueue } from "./store";
import { Wakeups } from "./wakeups";

export interface ReceiveOptions {
  max: number;
  /** How long to wait while there is nothing. @default 0 */
  waitMs?: number;
  /** @default the queue's */
  visibilityTimeoutSeconds?: number | undefined;
}

/** A sender inside the cloud. */
export interface SendOptions {
  /** Texts. */
  attributes?: Readonly<Record<string, string>>;
  /** Those with types of their own. */
  messageAttributes?: MessageAttributes;
  delaySeconds?: number;
  senderId?: string;
}

const purgePauseMs = 60_000;

export const textAttributes = (texts: Readonly<Record<string, string>> = {}): MessageAttributes =>
  checkAttributes(
    Object.fromEntries(Object.entries(texts).map(([name, StringValue]) => [name, { DataType: "String", StringValue }])),
  );

/** All queues, by ARN. */
export class Queues {
  readonly #store: Store;
  readonly #kept: BoundedJournal<Change> | undefined;
  readonly #wakeups = new Map<string, Wakeups>();
  readonly #purgedAt = new Map<string, number>();
  #closed = false;

  constructor(
    private readonly cloud: Cloud,
    journal?: Journal<Change>,
    mostBytes?: number,
  ) {
    const before = journal && restored(journal, mostBytes);
    this.#kept = before?.kept;
    this.#store = before?.store ?? new Store(() => undefined);
    this.#store.tell((change) => this.#changed(change));
    cloud.activity.watch("messages that a consumer can receive", () => this.#receivable());
  }

  all(): string[] {
    return this.#store.all().map(({ arn }) => arn);
  }

  has(arn: string): boolean {
    return this.#store.find(arn) !== undefined;
  }

  /** Makes a queue as the program declares it. One that was kept from before takes over what is declared now. */
  declare(name: string, attributes: Readonly<Record<string, string>>): string {
    const arn = arnOf(name);
    if (!this.has(arn)) return this.create(name, attributes);
    this.configure(arn, attributes);
    return arn;
  }

  /** The ARN, if there is such a queue. */
  existing(arn: string): string {
    return this.#find(arn).arn;
  }

  url(arn: string): string {
    return urlOf(this.cloud.endpoint, arn);
  }

  policyOf(arn: string): CompiledPolicy | undefined {
    return this.#store.find(arn)?.settings.policy;
  }

  /** As GetQueueAttributes answers for all of them. */
  attributes(arn: string): Record<string, string> {
    const queue = this.#current(arn);
    const { visible, inFlight, delayed } = queue.contents.counts();
    return {
      ...queue.attributes,
      QueueArn: arn,
      CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
      LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1_000)),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
    };
  }

  /** What CloudWatch calls ApproximateAgeOfOldestMessage. */
  oldestAgeMs(arn: string): number {
    const oldest = this.#current(arn).contents.oldestSentAt();
    return oldest === undefined ? 0 : this.cloud.clock.now() - oldest;
  }

  /** Queues whose redrive policy names this one. */
  sourcesOf(deadLetterArn: string): string[] {
    return this.#store
      .all()
      .filter(({ settings }) => settings.redrive?.deadLetterTargetArn === deadLetterArn)
      .map(({ arn }) => arn);
  }

  create(name: string, given: Readonly<Record<string, string>>): string {
    const arn = arnOf(name);
    const attributes = changeAttributes(this.#store.find(arn)?.attributes ?? defaults, given);
    const existing = this.#store.find(arn);
    const different = Object.keys(given).find((key) => existing && existing.attributes[key] !== attributes[key]);
    if (different) {
      throw new AwsError(
        "QueueNameExists",
        `A queue already exists with the same name and a different value for attribute ${different}`,
      );
    }
    if (existing) return arn;
    this.#checkSettings(arn, attributes);
    this.#apply({ kind: "created", queue: arn, at: this.cloud.clock.now(), attributes });
    return arn;
  }

  configure(arn: string, changes: Readonly<Record<string, string>>): void {
    const attributes = changeAttributes(this.#find(arn).attributes, changes);
    this.#checkSettings(arn, attributes);
    this.#apply({ kind: "configured", queue: arn, at: this.cloud.clock.now(), attributes });
  }

  drop(arn: string): void {
    this.#find(arn);
    this.#apply({ kind: "dropped", queue: arn, at: this.cloud.clock.now() });
  }

  purge(arn: string): void {
    this.#find(arn);
    const now = this.cloud.clock.now();
    if (now - (this.#purgedAt.get(arn) ?? Number.NEGATIVE_INFINITY) < purgePauseMs) {
      throw new AwsError(
        "PurgeQueueInProgress",
        `Only one PurgeQueue operation on ${nameOf(arn)} is allowed every 60 seconds.`,
        403,
      );
    }
    this.#purgedAt.set(arn, now);
    this.#apply({ kind: "purged", queue: arn, at: now });
  }

  /** For senders inside the cloud; those of the API bring attributes of their own types to `accept`. */
  send(arn: string, body: string, options: SendOptions = {}): StoredMessage {
    const { attributes: texts, messageAttributes, delaySeconds, senderId = "" } = options;
    bill(this.cloud, Buffer.byteLength(body));
    const attributes = { ...textAttributes(texts), ...checkAttributes(messageAttributes) };
    return this.accept(arn, { body, attributes, delaySeconds, senderId });
  }

  /** For consumers inside the cloud. */
  async receive(arn: string, options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const taken = await this.poll(arn, options);
    bill(
      this.cloud,
      taken.reduce((sum, message) => sum + sizeOf(message), 0),
    );
    return taken.map(receivedFrom(arn));
  }

  async delete(arn: string, handles: readonly string[]): Promise<void> {
    bill(this.cloud, 0);
    for (const handle of handles) this.remove(arn, handle);
  }

  async giveUp(arn: string, handles: readonly string[]): Promise<void> {
    bill(this.cloud, 0);
    for (const handle of handles) {
      const queue = this.#current(arn);
      const { messageId, receipt } = readReceiptHandle(handle, arn);
      const message = queue.contents.get(messageId);
      if (message?.receipt === receipt && !this.#toDeadLetters(queue, message)) this.remove(arn, handle);
    }
  }

  async changeVisibility(arn: string, handle: string, seconds: number): Promise<void> {
    bill(this.cloud, 0);
    this.hide(arn, handle, seconds);
  }

  visibilitySeconds(arn: string): number | undefined {
    return this.#store.find(arn)?.settings.visibilityTimeoutSeconds;
  }

  accept(arn: string, outgoing: Outgoing): StoredMessage {
    const { settings } = this.#find(arn);
    checkBody(outgoing.body);
    if (sizeOf(outgoing) > settings.maximumMessageSize) {
      throw invalidParameter(
        `One or more parameters are invalid. Reason: Message must be shorter than ${settings.maximumMessageSize} bytes.`,
      );
    }
    const now = this.cloud.clock.now();
    const visibleAt = now + (outgoing.delaySeconds ?? settings.delaySeconds) * 1_000;
    const message = newMessage(outgoing, this.cloud.newId(), now, visibleAt);
    this.#apply({ kind: "put", queue: arn, at: now, message });
    return message;
  }

  /** Each message is as it was received: in flight, by its new receipt. */
  async poll(arn: string, options: ReceiveOptions): Promise<StoredMessage[]> {
    const deadline = this.cloud.clock.now() + (options.waitMs ?? 0);
    for (;;) {
      const taken = this.#take(arn, options);
      if (taken.length > 0 || this.#closed || this.cloud.clock.now() >= deadline) return taken;
      await this.#wakeupsOf(arn).wait(deadline);
    }
  }

  /** A handle that is not of the last receive deletes nothing, as in AWS: the answer is the same. */
  remove(arn: string, handle: string): void {
    const queue = this.#current(arn);
    const { messageId, receipt } = readReceiptHandle(handle, arn);
    if (queue.contents.get(messageId)?.receipt !== receipt) return;
    this.#apply({ kind: "removed", queue: arn, at: this.cloud.clock.now(), id: messageId });
  }

  /** With the handle of the last receive, also once the message is visible again. */
  hide(arn: string, handle: string, timeoutSeconds: number): void {
    const queue = this.#current(arn);
    const { messageId, receipt } = readReceiptHandle(handle, arn);
    const message = queue.contents.get(messageId);
    if (message?.receipt !== receipt) throw notAvailable(handle);
    const now = this.cloud.clock.now();
    const visibleAt = now + timeoutSeconds * 1_000;
    if (visibleAt - (message.receivedAt ?? now) > longestVisibility * 1_000) {
      throw invalidValue(
        timeoutSeconds,
        "VisibilityTimeout",
        `Total VisibilityTimeout for the message is beyond the limit [${longestVisibility} seconds].`,
      );
    }
    this.#apply({ kind: "put", queue: arn, at: now, message: { ...message, visibleAt } });
  }

  /** Registers a consumer: called when there is something to receive, at once if there is already. Answers how to end it. */
  onVisible(arn: string, listener: () => void): () => void {
    const queue = this.#current(arn);
    const wakeups = this.#wakeupsOf(arn);
    const end = wakeups.listen(listener);
    wakeups.arm(queue.contents.nextVisibleAt());
    if (queue.contents.visibleCount() > 0) wakeups.wake();
    return () => {
      end();
      wakeups.arm(this.#store.find(arn)?.contents.nextVisibleAt());
    };
  }

  /** The messages that can be received now, for who moves them elsewhere. */
  visible(arn: string, max: number): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const message of this.#current(arn).contents.visible()) {
      if (found.length === max) break;
      found.push(message);
    }
    return found;
  }

  /** Sends a message again, as a new one. */
  resend(message: StoredMessage, from: string, to: string): void {
    const now = this.cloud.clock.now();
    const { settings } = this.#find(to);
    const fresh = newMessage(message, this.cloud.newId(), now, now + settings.delaySeconds * 1_000);
    // In this order: whoever dies in between has it twice, not never.
    this.#apply({ kind: "put", queue: to, at: now, message: fresh });
    this.#apply({ kind: "removed", queue: from, at: now, id: message.id });
  }

  empty(): void {
    this.#purgedAt.clear();
    for (const { arn } of this.#store.all()) this.#apply({ kind: "purged", queue: arn, at: this.cloud.clock.now() });
  }

  close(): void {
    this.#closed = true;
    this.#kept?.close();
    for (const wakeups of this.#wakeups.values()) {
      wakeups.arm(undefined);
      wakeups.wake();
    }
  }

  #take(arn: string, { max, visibilityTimeoutSeconds }: ReceiveOptions): StoredMessage[] {
    const queue = this.#current(arn);
    const chosen: StoredMessage[] = [];
    for (const message of queue.contents.visible()) {
      if (chosen.length === max) break;
      if (!this.#redrive(queue, message)) chosen.push(message);
    }
    const now = this.cloud.clock.now();
    const visibleAt = now + (visibilityTimeoutSeconds ?? queue.settings.visibilityTimeoutSeconds) * 1_000;
    return chosen.map((message) => {
      const receipt = this.cloud.newId();
      const received: StoredMessage = {
        ...message,
        receipt,
        visibleAt,
        receivedAt: now,
        firstReceivedAt: message.firstReceivedAt ?? now,
        receiveCount: message.receiveCount + 1,
        receivesHere: message.receivesHere + 1,
      };
      this.#apply({ kind: "put", queue: arn, at: now, message: received });
      return received;
    });
  }

  /** Moves what was received too often. Where the other queue is gone or does not allow it, it stays, as in AWS. */
  #redrive(queue: StoredQueue, message: StoredMessage): boolean {
    const most = queue.settings.redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
    return message.receivesHere >= most && this.#toDeadLetters(queue, message);
  }

  #toDeadLetters({ arn, settings: { redrive } }: StoredQueue, message: StoredMessage): boolean {
    if (!redrive) return false;
    const target = this.#store.find(redrive.deadLetterTargetArn);
    if (!target || !allowsRedrive(target.settings.redriveAllow, arn)) return false;
    const now = this.cloud.clock.now();
    const moved = { ...message, deadLetterSource: arn, receivesHere: 0, receipt: undefined, visibleAt: now };
    this.#apply({ kind: "put", queue: target.arn, at: now, message: moved });
    if (target.arn !== arn) this.#apply({ kind: "removed", queue: arn, at: now, id: message.id });
    return true;
  }

  #checkSettings(arn: string, attributes: QueueAttributes): void {
    const { redrive } = settingsOf(attributes, nameOf(arn));
    if (!redrive) return;
    const target = this.#store.find(redrive.deadLetterTargetArn);
    const refuse = (reason: string) => invalidValue(attributes["RedrivePolicy"], "RedrivePolicy", reason);
    if (!target) throw refuse("Dead letter target does not exist.");
    if (!allowsRedrive(target.settings.redriveAllow, arn)) {
      throw refuse("The source queue is not allowed by the dead letter target's redrive allow policy.");
    }
  }

  #find(arn: string): StoredQueue {
    const queue = this.#store.find(arn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  /** As of now: without what is too old, and with what has become visible. */
  #current(arn: string): StoredQueue {
    const queue = this.#find(arn);
    const now = this.cloud.clock.now();
    for (const { id } of queue.contents.sentBefore(now - queue.settings.retentionSeconds * 1_000)) {
      this.#apply({ kind: "removed", queue: arn, at: now, id });
    }
    queue.contents.show(now);
    return queue;
  }

  #receivable(): number {
    let count = 0;
    for (const [arn, wakeups] of this.#wakeups) {
      if (wakeups.consumed && this.has(arn)) count += this.#current(arn).contents.visibleCount();
    }
    return count;
  }

  #apply(change: Change): void {
    this.#store.apply(change);
  }

  #changed(change: Change): void {
    this.#kept?.append([change]);
    const contents = this.#store.find(change.queue)?.contents;
    const wakeups = this.#wakeupsOf(change.queue);
    wakeups.arm(contents?.nextVisibleAt());
    const shown = change.kind === "put" && contents?.isVisible(change.message.id);
    if (shown || change.kind === "dropped") wakeups.wake();
  }

  #wakeupsOf(arn: string): Wakeups {
    const known = this.#wakeups.get(arn);
    if (known) return known;
    const made = new Wakeups(this.cloud.clock, () => this.#becameVisible(arn));
    this.#wakeups.set(arn, made);
    return made;
  }

  #becameVisible(arn: string): void {
    const { contents } = this.#current(arn);
    const wakeups = this.#wakeupsOf(arn);
    wakeups.arm(contents.nextVisibleAt());
    if (contents.visibleCount() > 0) wakeups.wake();
  }
}
