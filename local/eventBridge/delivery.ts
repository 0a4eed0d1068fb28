import type { Cancel } from "../cloud/clock";
import type { Cloud } from "../cloud/cloud";
import { correlationIdIn } from "../cloud/trace";
import type { BusEvent, Rule } from "./bus";
import { type Failure, failureOf } from "./failure";
import type { KeptEvents } from "./keptEvents";
import type { RuleMetrics } from "./ruleMetrics";
import type { Target } from "./target";

/** An event that a rule has for a target. */
export interface Shipment {
  rule: Rule;
  target: Target;
  event: BusEvent;
  /** When the bus took the event, in epoch ms. */
  acceptedAt: number;
  /** How often it was tried again so far. */
  retries: number;
  /** Under which its end will be told; given with the first try. */
  id?: string;
}

type Exhausted = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

/** So many are begun in one turn of the event loop, so that calls are answered in between. */
const perTurn = 50;

const firstWaitMs = 1_000;
const longestWaitMs = 8 * 60_000;

/** Doubles up to a wait with which 185 retries take just under a day. */
const waitBefore = (retry: number): number => Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(retry, 20));

/** Takes events to targets, apart from whoever put them; again where that fails; at last to the dead letters. */
export class Deliveries {
  #queue: { shipment: Shipment; end: () => void }[] = [];
  readonly #waiting = new Set<Cancel>();

  constructor(
    private readonly cloud: Cloud,
    private readonly metrics: RuleMetrics,
    private readonly kept: KeptEvents,
  ) {}

  send(given: Shipment): void {
    const { rule, target, event, acceptedAt } = given;
    const shipment = { ...given, id: given.id ?? this.kept.accept(rule.arn, target.request.Id, event, acceptedAt) };
    this.#queue.push({ shipment, end: this.cloud.activity.begin("eventbridge delivery") });
    if (this.#queue.length === 1) setImmediate(() => this.#begin());
  }

  /** Drops everything that is not yet delivered. */
  clear(): void {
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
    for (const { end } of this.#queue.splice(0)) end();
  }

  #begin(): void {
    for (const { shipment, end } of this.#queue.splice(0, perTurn)) void this.#attempt(shipment).finally(end);
    if (this.#queue.length > 0) setImmediate(() => this.#begin());
  }

  async #attempt(shipment: Shipment): Promise<void> {
    const { rule, target, event, acceptedAt } = shipment;
    let body: string;
    try {
      body = target.inputOf(event, { ruleArn: rule.arn, ruleName: rule.name, ingestedAt: acceptedAt });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return this.#giveUp(shipment, { code: "INVALID_JSON", message, permanent: true });
    }
    const began = performance.now();
    try {
      await this.cloud.deliver({ to: target.request.Arn, body, from: rule.sender });
      this.#end(shipment);
      this.#note(shipment, body, began, "done");
      this.metrics.count(rule, "Invocations");
    } catch (error) {
      const failure = failureOf(error);
      this.#note(shipment, body, began, failure.code);
      await this.#failed(shipment, failure);
    }
  }

  #end({ id }: Shipment): void {
    if (id !== undefined) this.kept.end(id);
  }

  #note({ rule, target }: Shipment, body: string, began: number, outcome: string): void {
    this.cloud.trace.add({
      at: this.cloud.clock.now(),
      durationMs: performance.now() - began,
      service: "events",
      operation: "Deliver",
      resource: target.request.Arn,
      caller: rule.arn,
      outcome,
      correlationId: correlationIdIn(body),
    });
  }

  async #failed(shipment: Shipment, failure: Failure): Promise<void> {
    const { target, acceptedAt, retries } = shipment;
    if (failure.permanent) return this.#giveUp(shipment, failure);
    if (retries >= target.retry.attempts) return this.#giveUp(shipment, failure, "MaximumRetryAttempts");
    const now = this.cloud.clock.now();
    const deadline = acceptedAt + target.retry.ageMs;
    if (now >= deadline) return this.#giveUp(shipment, failure, "MaximumEventAgeInSeconds");
    const cancel = this.cloud.clock.at(Math.min(now + waitBefore(retries), deadline), "work", () => {
      this.#waiting.delete(cancel);
      this.send({ ...shipment, retries: retries + 1 });
    });
    this.#waiting.add(cancel);
  }

  /** The dead letter has the event as it came, whatever the target would have been given. */
  async #giveUp(shipment: Shipment, failure: Failure, exhausted?: Exhausted): Promise<void> {
    const { rule, target, event, retries } = shipment;
    this.metrics.count(rule, "Invocations");
    this.metrics.count(rule, "FailedInvocations");
    if (target.deadLetters === undefined) return this.#end(shipment);
    try {
      await this.cloud.deliver({
        to: target.deadLetters,
        body: JSON.stringify(event),
        from: rule.sender,
        attributes: {
          RULE_ARN: rule.arn,
          TARGET_ARN: target.request.Arn,
          ERROR_CODE: failure.code,
          ERROR_MESSAGE: failure.message,
          ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
          RETRY_ATTEMPTS: String(retries),
        },
      });
      this.metrics.count(rule, "InvocationsSentToDlq");
    } catch {
      this.metrics.count(rule, "InvocationsFailedToBeSentToDlq");
    }
    this.#end(shipment);
  }
}
