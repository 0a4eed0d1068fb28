export interface Limit {
  /** Requests a second. */
  rate: number;
  burst: number;
}

/** The bounds of an account, which a stage cannot widen. */
export const accountLimit: Limit = { rate: 10_000, burst: 5_000 };

/** A bucket for each route, filled at a steady rate, from which every request takes. */
export class Throttle {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly byDefault: Limit,
    private readonly byRoute: ReadonlyMap<string, Limit> = new Map(),
  ) {}

  /** Whether a request may go on, at this moment in milliseconds. */
  take(routeKey: string, now: number): boolean {
    const { rate, burst } = this.byRoute.get(routeKey) ?? this.byDefault;
    const { tokens, at } = this.#buckets.get(routeKey) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + ((now - at) / 1_000) * rate);
    const admitted = filled >= 1;
    this.#buckets.set(routeKey, { tokens: admitted ? filled - 1 : filled, at: now });
    return admitted;
  }
}
