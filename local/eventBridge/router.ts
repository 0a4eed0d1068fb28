import type { Clock } from "../cloud/clock";
import type { Bus, BusEvent, Rule } from "./bus";
import type { Deliveries } from "./delivery";
import type { RuleMetrics } from "./ruleMetrics";

/** Brings events to the archives and rules of their bus. */
export class Router {
  constructor(
    private readonly clock: Clock,
    private readonly deliveries: Deliveries,
    private readonly metrics: RuleMetrics,
  ) {}

  /** `only`: ARNs of the rules that may have it, where a replay names some. */
  publish(bus: Bus, event: BusEvent, only?: ReadonlySet<string>): void {
    const now = this.clock.now();
    if (event["replay-name"] === undefined) for (const archive of bus.archives) archive.keep(event, now);
    for (const rule of bus.rules.values()) {
      if (!rule.enabled || !rule.pattern || (only && !only.has(rule.arn)) || !rule.pattern.matches(event)) continue;
      this.metrics.count(rule, "MatchedEvents");
      this.trigger(rule, event);
    }
  }

  /** Sends an event to all targets of a rule, whatever its pattern says. */
  trigger(rule: Rule, event: BusEvent): void {
    const acceptedAt = this.clock.now();
    for (const target of rule.targets.values()) this.deliveries.send({ rule, target, event, acceptedAt, retries: 0 });
  }
}
