import { AwsError } from "./awsError";

export type FaultKind = "throttle" | "serverError" | "latency" | "lostAnswer" | "partialFailure" | "crash";

export interface Fault {
  kind: FaultKind;
  /** Signing name, such as dynamodb. @default any */
  service?: string;
  /** @default any */
  operation?: string;
  /** Part of the caller's name, such as a role. @default any */
  caller?: string;
  /** @default 1 */
  probability?: number;
  /** After so many hits the fault is over. @default no end */
  times?: number;
  /** For latency. @default 1000 */
  ms?: number;
}

export interface Aim {
  service: string;
  operation: string;
  caller: string;
}

interface Armed extends Fault {
  hits: number;
}

/** A repeatable stream of numbers in [0, 1). */
const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Breaks calls on purpose, the same ones for the same seed. */
export class Faults {
  #armed: Armed[] = [];
  #random = seeded(1);

  seed(value: number): void {
    this.#random = seeded(value);
  }

  inject(fault: Fault): { hits: () => number; remove: () => void } {
    const armed: Armed = { ...fault, hits: 0 };
    this.#armed.push(armed);
    return {
      hits: () => armed.hits,
      remove: () => {
        this.#armed = this.#armed.filter((one) => one !== armed);
      },
    };
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that strikes this call, if one of these kinds does. */
  strike(aim: Aim, ...kinds: FaultKind[]): Fault | undefined {
    for (const fault of this.#armed) {
      if (!kinds.includes(fault.kind) || !matches(fault, aim)) continue;
      if (fault.times !== undefined && fault.hits >= fault.times) continue;
      if (this.#random() >= (fault.probability ?? 1)) continue;
      fault.hits++;
      return fault;
    }
    return undefined;
  }
}

const matches = (fault: Fault, aim: Aim): boolean =>
  (fault.service === undefined || fault.service === aim.service) &&
  (fault.operation === undefined || fault.operation === aim.operation) &&
  (fault.caller === undefined || aim.caller.includes(fault.caller));

const throttleCodes: Record<string, string> = {
  dynamodb: "ProvisionedThroughputExceededException",
  kinesis: "ProvisionedThroughputExceededException",
  lambda: "TooManyRequestsException",
  s3: "SlowDown",
};

/** The error with which a struck call is answered. */
export const faultError = (fault: Fault, service: string): AwsError =>
  fault.kind === "throttle"
    ? new AwsError(
        throttleCodes[service] ?? "ThrottlingException",
        "Rate exceeded (injected)",
        service === "s3" ? 503 : 400,
      )
    : new AwsError(
        service === "dynamodb" ? "InternalServerError" : "InternalFailure",
        "Internal failure (injected)",
        500,
      );
