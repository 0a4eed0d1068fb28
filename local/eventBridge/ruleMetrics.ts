import type { MetricDatum } from "../cloudWatch/metricData";
import type { Rule } from "./bus";
import { defaultBus } from "./names";

export type RuleMetric =
  | "MatchedEvents"
  | "Invocations"
  | "FailedInvocations"
  | "InvocationsSentToDlq"
  | "InvocationsFailedToBeSentToDlq";

export type OnMetric = (datum: MetricDatum) => void;

/** Counts for CloudWatch, gathered over a turn of the event loop: one datum for a burst, not one for each event. */
export class RuleMetrics {
  readonly #counts = new Map<Rule, Map<RuleMetric, number>>();
  #timestamp = 0;

  constructor(
    private readonly now: () => number,
    private readonly onMetric: OnMetric | undefined,
  ) {}

  count(rule: Rule, metric: RuleMetric): void {
    if (!this.onMetric) return;
    if (this.#counts.size === 0) {
      this.#timestamp = this.now();
      setImmediate(() => this.#flush());
    }
    const counts = this.#counts.get(rule) ?? new Map<RuleMetric, number>();
    this.#counts.set(rule, counts);
    counts.set(metric, (counts.get(metric) ?? 0) + 1);
  }

  #flush(): void {
    const counted = [...this.#counts];
    this.#counts.clear();
    for (const [{ name: RuleName, bus }, counts] of counted) {
      const dimensions: Record<string, string> = bus === defaultBus ? { RuleName } : { EventBusName: bus, RuleName };
      for (const [name, count] of counts) {
        this.onMetric?.({
          namespace: "AWS/Events",
          name,
          dimensions,
          timestamp: this.#timestamp,
          values: [1],
          counts: [count],
          unit: "Count",
        });
      }
    }
  }
}
