import type { Cancel } from "../cloud/clock";
import { account, type Cloud, region } from "../cloud/cloud";
import type { Rule } from "./bus";
import { isoSeconds } from "./envelope";
import { invalidRequest } from "./errors";
import type { Router } from "./router";

export interface Scheduled {
  name: string;
  expression: string;
  /** In epoch ms; undefined while the rule is disabled, or if there is no next time. */
  next: number | undefined;
}

interface Entry {
  rule: Rule;
  expression: string;
  next: number | undefined;
  cancel: Cancel | undefined;
}

/** Fires the rules that have a schedule when the cloud's clock gets there. */
export class Schedules {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly cloud: Cloud,
    private readonly router: Router,
  ) {}

  /** Takes up a rule as it is now: new, changed, enabled or disabled. */
  arm(rule: Rule, after = this.cloud.clock.now()): void {
    this.disarm(rule);
    if (!rule.schedule) return;
    const next = rule.enabled ? rule.schedule.next(after) : undefined;
    const cancel = next === undefined ? undefined : this.cloud.clock.at(next, "calendar", () => this.#due(rule, next));
    this.#entries.set(rule.name, { rule, expression: rule.schedule.expression, next, cancel });
  }

  disarm({ name }: Rule): void {
    this.#entries.get(name)?.cancel?.();
    this.#entries.delete(name);
  }

  /** Does now what the schedule would do some time, also for a rule that is disabled. */
  fire(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) throw invalidRequest(`There is no rule ${name} with a schedule.`);
    this.#trigger(entry.rule);
  }

  list(): Scheduled[] {
    return [...this.#entries.values()].map(({ rule, expression, next }) => ({ name: rule.name, expression, next }));
  }

  close(): void {
    for (const { cancel } of this.#entries.values()) cancel?.();
  }

  #due(rule: Rule, due: number): void {
    this.arm(rule, Math.max(due, this.cloud.clock.now()));
    this.#trigger(rule);
  }

  #trigger(rule: Rule): void {
    this.router.trigger(rule, {
      version: "0",
      id: this.cloud.newId(),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account,
      time: isoSeconds(this.cloud.clock.now()),
      region,
      resources: [rule.arn],
      detail: {},
    });
  }
}
