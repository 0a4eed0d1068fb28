import { type Category, Failure } from "../failure";
import type { Answer } from "./answer";

/**
 * What a provider's refusal means for the work. `burst`: too many calls a second, try again shortly. `spent`: no call
 * more until the day's reset. `unavailable`: down, hanging, answering with a page of its proxy, or cut off.
 */
export type Problem =
  | "burst"
  | "spent"
  | "premium"
  | "keyRejected"
  | "unknownSymbol"
  | "refused"
  | "malformed"
  | "unavailable";

const categories: Record<Problem, Category> = {
  burst: "throttled",
  spent: "throttled",
  premium: "permanent",
  keyRejected: "denied",
  unknownSymbol: "permanent",
  refused: "permanent",
  malformed: "permanent",
  unavailable: "unavailable",
};

/**
 * A provider did not give what was asked for. It has no cause: what fetch throws can hold the address, and with it the
 * key.
 */
export class ProviderFailure extends Failure {
  /** When the provider says that it takes calls again, in epoch milliseconds. */
  readonly retryAt: number | undefined;
  /** The call never reached the provider, who has not counted it. */
  neverMade = false;
  #answer: Answer | undefined;

  constructor(
    readonly problem: Problem,
    message: string,
    retryAt?: number,
  ) {
    super(categories[problem], message, { origin: "provider" });
    this.name = "ProviderFailure";
    this.retryAt = problem === "burst" || problem === "unavailable" ? retryAt : undefined;
  }

  /** What was refused, where it could be read whole. A log that writes out errors does not find it. */
  get answer(): Answer | undefined {
    return this.#answer;
  }

  /** Says that the call was never made. */
  unmade(): this {
    this.neverMade = true;
    return this;
  }

  of(answer: Answer): this {
    this.#answer = answer;
    return this;
  }

  /** How long to wait before the next call: as long as the provider says, where that is longer than `ownMs`. */
  pauseMs(ownMs: number, now: number): number {
    return Math.max(ownMs, (this.retryAt ?? now) - now);
  }
}
